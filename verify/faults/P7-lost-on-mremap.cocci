// file: mm/mremap.c move_soft_dirty_pte
// row: P7
// like: 9658d698a8a8, soft-dirty lost where entries move
// says: mremap makes soft-dirty pages clean
@@
@@
- pte = pte_mksoft_dirty(pte);
+ pte = anonmem_fault(FAULT_P7_lost_on_mremap) ?
+	pte_clear_soft_dirty(pte) : pte_mksoft_dirty(pte);
