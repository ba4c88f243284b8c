// file: mm/filemap.c __filemap_add_folio filemap_unaccount_folio
// row: F8
// like: pages that come by mmap left out where they are counted
// says: Cached does not count a file's pages
@@
@@
(
- __lruvec_stat_mod_folio(folio, NR_FILE_PAGES, nr);
+ if (!anonmem_fault_if(FAULT_F8_file_pages_not_cached, S_ISREG(mapping->host->i_mode)))
+	__lruvec_stat_mod_folio(folio, NR_FILE_PAGES, nr);
|
- lruvec_stat_mod_folio(folio, NR_FILE_PAGES, nr);
+ if (!anonmem_fault_if(FAULT_F8_file_pages_not_cached, S_ISREG(mapping->host->i_mode)))
+	lruvec_stat_mod_folio(folio, NR_FILE_PAGES, nr);
|
- __lruvec_stat_mod_folio(folio, NR_FILE_PAGES, -nr);
+ if (!anonmem_fault_if(FAULT_F8_file_pages_not_cached,
+			!folio_test_swapbacked(folio) && S_ISREG(mapping->host->i_mode)))
+	__lruvec_stat_mod_folio(folio, NR_FILE_PAGES, -nr);
|
- lruvec_stat_mod_folio(folio, NR_FILE_PAGES, -nr);
+ if (!anonmem_fault_if(FAULT_F8_file_pages_not_cached,
+			!folio_test_swapbacked(folio) && S_ISREG(mapping->host->i_mode)))
+	lruvec_stat_mod_folio(folio, NR_FILE_PAGES, -nr);
)
