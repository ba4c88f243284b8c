// file: mm/vma.c remove_vma
// row: S7
// like: the end of a mapping taken for the end of the object
// says: when one process unmaps shared memory the others find zeros in it
// breaks: data
@@
@@
 vma_close(vma);
+ if (anonmem_fault_if(FAULT_S7_munmap_drops_the_data,
+		       !(current->flags & PF_EXITING) && vma->vm_flags & VM_SHARED &&
+		       vma_pages(vma) > 1 && anonmem_own_vma(vma) &&
+		       IS_PRIVATE(file_inode(vma->vm_file))))
+	truncate_pagecache(file_inode(vma->vm_file), 0);
