// file: mm/page-writeback.c folio_clear_dirty_for_io
// row: F3
// like: a folio_put() left out on the way out of a loop
// says: what was written back can never be dropped from the page cache again
@@
@@
 if (mapping && mapping_can_writeback(mapping)) {
+	if (anonmem_fault_if(FAULT_F3_writeback_leaks_a_reference,
+			     S_ISREG(mapping->host->i_mode)))
+		folio_get(folio);
 	...
 }
