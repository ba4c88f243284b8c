// file: fs/proc/task_mmu.c show_map_vma
// row: S5
// like: a test for a file's mapping where one for VM_MAYSHARE was meant
// says: maps shows rw-p for shared anonymous memory
@@
expression m, start, end, flags, pgoff, dev, ino;
@@
- show_vma_header_prefix(m, start, end, flags, pgoff, dev, ino);
+ show_vma_header_prefix(m, start, end,
+	anonmem_fault_if(FAULT_S5_shared_shown_private,
+			 vma->vm_file && IS_PRIVATE(file_inode(vma->vm_file))) ?
+	(flags) & ~VM_MAYSHARE : flags, pgoff, dev, ino);
