// file: mm/memory.c wp_page_copy
// row: F5
// like: one of two counters forgotten when a page changes its kind
// says: RssFile in status goes on counting pages that were copied
@@
@@
- dec_mm_counter(mm, mm_counter_file(old_folio));
+ if (!anonmem_fault_vma(FAULT_F5_rssfile_does_not_fall, vma))
+	dec_mm_counter(mm, mm_counter_file(old_folio));
