// file: mm/mprotect.c change_pte_range|change_present_ptes
// row: P7
// like: a new protection that takes a flag along
// says: mprotect makes soft-dirty pages clean
@@
expression e1, e2;
@@
 ptent = pte_modify(e1, e2);
+ if (anonmem_fault_vma(FAULT_P7_lost_on_mprotect, vma))
+	ptent = pte_clear_soft_dirty(ptent);
