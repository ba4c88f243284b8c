// file: mm/rmap.c try_to_unmap_one
// row: P7
// like: a bit that one of two copies of an entry forgets
// says: private pages that were written are not soft-dirty any more once swapped out
@@
@@
- pte_soft_dirty(pteval)
+ (pte_soft_dirty(pteval) &&
+  !anonmem_fault_mm(FAULT_P7_lost_on_swap_out, mm))
