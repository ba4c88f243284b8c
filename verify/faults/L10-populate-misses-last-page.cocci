// file: mm/gup.c __mm_populate
// row: L10
// like: an end that is taken for the last page
// says: MAP_POPULATE and mlock leave the last page untouched
@@
@@
 end = start + len;
+ if (len > PAGE_SIZE && anonmem_fault(FAULT_L10_populate_misses_last_page))
+	end -= PAGE_SIZE;
