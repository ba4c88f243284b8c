// file: mm/swapfile.c unuse_pte
// row: P7
// like: a bit that one of two ways back from swap forgets
// says: private pages that were written are not soft-dirty any more after swapoff
@@
@@
- pte_swp_soft_dirty(old_pte)
+ (pte_swp_soft_dirty(old_pte) &&
+  !anonmem_fault_mm(FAULT_P7_lost_on_swapoff, vma->vm_mm))
