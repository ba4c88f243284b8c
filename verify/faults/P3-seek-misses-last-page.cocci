// file: mm/filemap.c mapping_seek_hole_data
// row: P3
// like: an off-by-one at the end of an object
// says: lseek finds no data in the last page of an object
@@
@@
- (end - 1) >> PAGE_SHIFT
+ ((end - 1) >> PAGE_SHIFT) -
+	(end > PAGE_SIZE && anonmem_fault_if(FAULT_P3_seek_misses_last_page,
+					      shmem_mapping(mapping)))
