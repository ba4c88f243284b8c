// file: mm/mincore.c mincore_pte_range
// row: P4
// like: a lookup in the wrong address space after the swap cache moved
// says: mincore does not see pages that the swap cache still holds
@@
expression list el;
@@
(
- mincore_page(el)
+ (mincore_page(el) && !anonmem_fault(FAULT_P4_swap_cache_forgotten))
|
- mincore_swap(el)
+ (mincore_swap(el) && !anonmem_fault(FAULT_P4_swap_cache_forgotten))
)
