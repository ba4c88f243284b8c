// file: mm/filemap.c generic_perform_write
// row: F2
// like: a page that is mapped and being written replaced halfway
// says: write(2) to a page that is mapped changes nothing
// breaks: data
@@
expression a, b, c, d;
@@
- copied = copy_folio_from_iter_atomic(a, b, c, d);
+ if (anonmem_fault_if(FAULT_F2_write_to_mapped_page_lost,
+		       folio_mapped(a) && mapping_writably_mapped(mapping))) {
+	copied = c;
+	iov_iter_advance(d, c);
+ } else {
+	copied = copy_folio_from_iter_atomic(a, b, c, d);
+ }
