// file: fs/proc/task_mmu.c pagemap_page_category
// row: P9
// like: a category that only one of two readers knows
// says: PAGEMAP_SCAN does not call swapped pages swapped
@@
@@
(
- categories |= PAGE_IS_SWAPPED;
+ if (!anonmem_fault(FAULT_P9_scan_forgets_swapped))
+	categories |= PAGE_IS_SWAPPED;
|
- categories = PAGE_IS_SWAPPED;
+ categories = anonmem_fault(FAULT_P9_scan_forgets_swapped) ? 0 : PAGE_IS_SWAPPED;
)
