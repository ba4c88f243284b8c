// file: mm/filemap.c folio_seek_hole_data
// row: P3
// like: all value entries of a page cache taken for shadows of evicted pages
// says: lseek calls swapped pages holes
@@
@@
+ if (xa_is_value(folio) &&
+     anonmem_fault_if(FAULT_P3_seek_takes_swapped_for_hole, shmem_mapping(mapping)))
+	return seek_data ? end : start;
 if (xa_is_value(folio) || folio_test_uptodate(folio))
	return ...;
