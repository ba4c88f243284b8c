// file: mm/mincore.c mincore_pte_range
// row: P4
// like: swap entries taken for entries that are always in memory
// says: mincore says that swapped private pages are in memory
@@
expression list el;
@@
(
- mincore_page(el)
+ (anonmem_fault(FAULT_P4_swapped_shown_resident) || mincore_page(el))
|
- mincore_swap(el)
+ (anonmem_fault(FAULT_P4_swapped_shown_resident) || mincore_swap(el))
)
