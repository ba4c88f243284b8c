// file: fs/proc/task_mmu.c pagemap_page_category
// row: P9
// like: a check of what is asked for that knows one of three masks
// says: PAGEMAP_SCAN tells FILE only if it is asked to select by it
@@
@@
- p->masks_of_interest & PAGE_IS_FILE
+ p->masks_of_interest & PAGE_IS_FILE &&
+     !anonmem_fault_if(FAULT_P9_file_only_if_asked_first,
+			!(p->arg.category_mask & PAGE_IS_FILE))
