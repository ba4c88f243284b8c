// file: fs/proc/task_mmu.c pagemap_scan_output
// row: P9
// like: an off-by-one in where to go on
// says: PAGEMAP_SCAN skips a page when it goes on after its limit
@@
@@
- p->arg.walk_end = *end;
+ p->arg.walk_end = *end +
+	(anonmem_fault(FAULT_P9_goes_on_one_page_late) ? PAGE_SIZE : 0);
