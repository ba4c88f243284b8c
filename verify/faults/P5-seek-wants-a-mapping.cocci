// file: mm/filemap.c folio_seek_hole_data
// row: P5
// like: who maps a page taken for what it holds
// says: lseek calls pages holes that nobody maps
@@
@@
- folio_test_uptodate(folio)
+ (folio_test_uptodate(folio) &&
+  !anonmem_fault_if(FAULT_P5_seek_wants_a_mapping,
+		     shmem_mapping(mapping) && !folio_mapped(folio)))
