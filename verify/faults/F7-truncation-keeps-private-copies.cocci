// file: mm/memory.c unmap_mapping_range
// row: F7
// like: the last argument of unmap_mapping_range() the other way round
// says: private copies of pages that were cut off can still be read
// breaks: data
@@
expression a, b, c;
@@
- unmap_mapping_pages(a, b, c, even_cows);
+ unmap_mapping_pages(a, b, c, even_cows &&
+	!anonmem_fault(FAULT_F7_truncation_keeps_private_copies));
