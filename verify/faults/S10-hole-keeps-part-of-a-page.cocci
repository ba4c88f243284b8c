// file: mm/truncate.c truncate_inode_partial_folio
// row: S10
// like: the parts of pages at the ends of a hole forgotten
// says: a hole that starts within a page does not read as zeros there
// breaks: data
@@
expression a, b;
@@
- folio_zero_range(folio, a, b);
+ if (!anonmem_fault_if(FAULT_S10_hole_keeps_part_of_a_page,
+			folio_test_swapbacked(folio) && end != -1))
+	folio_zero_range(folio, a, b);
