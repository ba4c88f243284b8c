// file: mm/huge_memory.c __do_huge_pmd_anonymous_page|vma_alloc_anon_folio_pmd
// row: L4
// like: clearing a huge page from both ends that stops one short
// says: the last page of a new huge page is not all zero
// breaks: data
@@
@@
+ if (anonmem_fault_vma(FAULT_L4_huge_page_tail_not_zeroed, vma))
+	memset(page_address(folio_page(folio, HPAGE_PMD_NR - 1)), 0xa5, 64);
 __folio_mark_uptodate(folio);
