// file: mm/huge_memory.c zap_huge_pmd|zap_huge_pmd_folio
// row: L19
// like: VmRSS drift after 6.2: a counter not taken down, for huge pages alone
// says: RssAnon stays where it was when a huge page is given back
@@
expression mm;
@@
- add_mm_counter(mm, MM_ANONPAGES, -HPAGE_PMD_NR);
+ if (!anonmem_fault(FAULT_L19_huge_page_stays_in_the_counter))
+	add_mm_counter(mm, MM_ANONPAGES, -HPAGE_PMD_NR);
