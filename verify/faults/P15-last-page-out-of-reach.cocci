// file: fs/proc/task_mmu.c pagemap_read
// row: P15
// like: an off-by-one at the end of the address space
// says: pagemap has no entry for the last page of the address space
@@
@@
- end_vaddr = mm->task_size;
+ end_vaddr = mm->task_size -
+	(anonmem_fault(FAULT_P15_last_page_out_of_reach) ? PAGE_SIZE : 0);
