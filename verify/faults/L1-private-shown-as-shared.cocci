// file: fs/proc/task_mmu.c show_map_vma
// row: L1
// like: a MAP_SHARED test taken for a VM_MAYSHARE test
// says: maps shows rw-s for a mapping that is private and anonymous
@@
expression m, start, end, flags, pgoff, dev, ino;
@@
- show_vma_header_prefix(m, start, end, flags, pgoff, dev, ino);
+ show_vma_header_prefix(m, start, end,
+	anonmem_fault_if(FAULT_L1_private_shown_as_shared,
+			 !vma->vm_file && anonmem_own_vma(vma)) ?
+	flags | VM_MAYSHARE : flags, pgoff, dev, ino);
