// file: fs/proc/task_mmu.c show_smap
// row: L1
// like: vm_end taken for the last address instead of the first one beyond
// says: smaps Size is one page less than what maps shows
@@
@@
- vma->vm_end - vma->vm_start
+ vma->vm_end - vma->vm_start -
+	(anonmem_fault_vma(FAULT_L1_size_one_page_short, vma) ? PAGE_SIZE : 0)
