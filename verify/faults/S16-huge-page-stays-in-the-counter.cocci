// file: mm/huge_memory.c zap_huge_pmd|zap_huge_pmd_folio
// row: S16
// like: a counter not taken down, for shared memory alone
// says: RssShmem keeps a huge page that was unmapped
@@
expression m;
@@
- add_mm_counter(m, mm_counter_file(folio), -HPAGE_PMD_NR);
+ if (!anonmem_fault(FAULT_S16_huge_page_stays_in_the_counter))
+	add_mm_counter(m, mm_counter_file(folio), -HPAGE_PMD_NR);
