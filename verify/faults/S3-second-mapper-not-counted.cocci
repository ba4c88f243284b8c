// file: fs/proc/page.c kpagecount_read|get_kpage_count
// row: S3
// like: a mapcount that starts at -1 read without the one to add
// says: kpagecount has 1 for a page of shared memory that two processes map
@@
expression f, p;
@@
- folio_precise_page_mapcount(f, p)
+ (folio_precise_page_mapcount(f, p) -
+  anonmem_fault_if(FAULT_S3_second_mapper_not_counted,
+		    folio_test_swapbacked(f) && !folio_test_anon(f) &&
+		    folio_mapcount(f) == 2))
