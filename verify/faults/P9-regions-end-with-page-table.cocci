// file: fs/proc/task_mmu.c pagemap_scan_push_range
// row: P9
// like: regions that are made page table by page table
// says: PAGEMAP_SCAN tells one region as two where a page table ends
@@
@@
- addr == cur_buf->end
+ addr == cur_buf->end &&
+     !anonmem_fault_if(FAULT_P9_regions_end_with_page_table,
+			IS_ALIGNED(addr, PMD_SIZE) && cur_buf->end)
