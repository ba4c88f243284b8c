// file: mm/swapfile.c unuse_pte
// row: P10
// like: the exclusive mark of a swap entry not heeded
// says: after swapoff a child's writes show in its parent
// breaks: data
@@
@@
- pte_swp_exclusive(old_pte)
+ (pte_swp_exclusive(old_pte) ||
+  (anonmem_own_vma(vma) && !folio_test_ksm(folio) &&
+   anonmem_fault_mm(FAULT_P10_swapoff_makes_exclusive, vma->vm_mm)))
