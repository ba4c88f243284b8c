// file: mm/mprotect.c can_change_pte_writable|maybe_change_pte_writable
// row: P7
// like: 76aefad628aa, pages made writable again that have to fault
// says: writes after mprotect are not marked soft-dirty
@@
@@
- pte_needs_soft_dirty_wp(vma, pte)
+ (pte_needs_soft_dirty_wp(vma, pte) &&
+  !anonmem_fault_vma(FAULT_P7_writable_after_mprotect, vma))
