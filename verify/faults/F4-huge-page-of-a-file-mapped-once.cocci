// file: fs/proc/page.c kpagecount_read|get_kpage_count
// row: F4
// like: a count by the folio where there is one by the page
// says: kpagecount has each page of a file's large folio mapped once
@@
expression a, b;
@@
- folio_precise_page_mapcount(a, b)
+ (anonmem_fault_if(FAULT_F4_huge_page_of_a_file_mapped_once,
+		    folio_test_large(a) && !folio_test_anon(a) && folio_mapped(a)) ?
+  1 : folio_precise_page_mapcount(a, b))
