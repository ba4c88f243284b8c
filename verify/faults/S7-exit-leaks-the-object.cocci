// file: mm/vma.c remove_vma
// row: S7
// like: a reference that one of the ways out does not drop
// says: shared memory of a process that exits is never given back
@@
@@
- fput(vma->vm_file);
+ if (!anonmem_fault_if(FAULT_S7_exit_leaks_the_object,
+			current->flags & PF_EXITING && vma->vm_flags & VM_SHARED &&
+			vma_pages(vma) > 64 && anonmem_own_vma(vma) &&
+			IS_PRIVATE(file_inode(vma->vm_file))))
+	fput(vma->vm_file);
