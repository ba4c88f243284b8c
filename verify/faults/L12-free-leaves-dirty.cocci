// file: mm/madvise.c madvise_free_pte_range
// row: L12
// like: an entry whose dirty bit a new batching helper does not clear
// says: MADV_FREE has no effect on pages that were written
@@
@@
- clear_young_dirty_ptes(vma, addr, pte, nr, cydp_flags);
+ clear_young_dirty_ptes(vma, addr, pte, nr,
+	anonmem_fault(FAULT_L12_free_leaves_dirty) ?
+	CYDP_CLEAR_YOUNG : cydp_flags);
