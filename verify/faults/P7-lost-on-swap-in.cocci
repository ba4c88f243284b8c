// file: mm/memory.c do_swap_page
// row: P7
// like: a bit that one of two copies of an entry forgets
// says: private pages that were written are not soft-dirty any more once swapped in
@@
@@
- pte_swp_soft_dirty(vmf->orig_pte)
+ (pte_swp_soft_dirty(vmf->orig_pte) &&
+  !anonmem_fault_vma(FAULT_P7_lost_on_swap_in, vma))
