// file: mm/mincore.c mincore_page
// row: P5
// like: who maps a page taken for where it is
// says: mincore says that a page nobody maps is not in memory
@@
@@
 present = folio_test_uptodate(folio);
+ if (anonmem_fault_if(FAULT_P5_mincore_wants_a_mapping, !folio_mapped(folio)))
+	present = 0;
