// file: mm/huge_memory.c copy_huge_pmd
// row: C1
// like: fork leaving to a fault what needs no copy
// says: a huge zero page is not in the child's page table after fork
@@
@@
+ if (anonmem_fault_vma(FAULT_C1_huge_zero_page_not_inherited, src_vma)) {
+	pte_free(dst_mm, pgtable);
+	ret = 0;
+	goto out_unlock;
+ }
 mm_get_huge_zero_folio(...);
