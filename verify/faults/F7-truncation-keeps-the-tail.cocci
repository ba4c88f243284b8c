// file: mm/truncate.c truncate_inode_partial_folio
// row: F7
// like: the clearing of the last page forgotten
// says: what was cut off by ftruncate comes back when the file grows
// breaks: data
@@
expression a, b;
@@
- folio_zero_range(folio, a, b);
+ if (!anonmem_fault_if(FAULT_F7_truncation_keeps_the_tail, end == -1))
+	folio_zero_range(folio, a, b);
