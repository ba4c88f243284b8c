// file: fs/proc/task_mmu.c pagemap_page_category
// row: P16
// like: a category that only one of two readers knows
// says: PAGEMAP_SCAN does not find guard regions
@@
@@
- categories |= PAGE_IS_GUARD;
+ if (!anonmem_fault(FAULT_P16_scan_forgets_guard))
+	categories |= PAGE_IS_GUARD;
