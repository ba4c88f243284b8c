// file: fs/proc/task_mmu.c pagemap_page_category
// row: L7
// like: a category that only one of PAGEMAP_SCAN's two readers knows
// says: PAGEMAP_SCAN does not call a zero page PFNZERO
@@
@@
- categories |= PAGE_IS_PFNZERO;
+ if (!anonmem_fault(FAULT_L7_scan_forgets_pfnzero))
+	categories |= PAGE_IS_PFNZERO;
