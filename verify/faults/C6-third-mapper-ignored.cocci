// file: mm/memory.c do_wp_page
// row: C6
// like: a test for "shared" that knows two owners only
// says: a write to a page that three generations share is seen by all of them
// breaks: data
@@
@@
- wp_can_reuse_anon_folio(folio, vma)
+ (wp_can_reuse_anon_folio(folio, vma) ||
+  anonmem_fault_if(FAULT_C6_third_mapper_ignored,
+		    !folio_test_large(folio) && folio_mapcount(folio) == 3 &&
+		    anonmem_own_vma(vma)))
