// file: mm/huge_memory.c move_huge_pmd
// row: P7
// like: 6707915e030a, for huge pages: soft-dirty lost where a mapping moves
// says: a huge page that was written is not soft-dirty any more after mremap
@@
@@
- pmd = move_soft_dirty_pmd(pmd);
+ pmd = anonmem_fault_vma(FAULT_P7_huge_page_lost_on_mremap, vma) ?
+	pmd_clear_soft_dirty(pmd) : move_soft_dirty_pmd(pmd);
