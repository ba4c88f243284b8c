// file: mm/huge_memory.c copy_huge_pmd
// row: L19
// like: a counter that only the path of base pages takes up on fork
// says: RssAnon of a child leaves out the huge pages it inherits
@@
@@
- add_mm_counter(dst_mm, MM_ANONPAGES, HPAGE_PMD_NR);
+ if (!anonmem_fault(FAULT_L19_huge_page_of_child_not_counted))
+	add_mm_counter(dst_mm, MM_ANONPAGES, HPAGE_PMD_NR);
