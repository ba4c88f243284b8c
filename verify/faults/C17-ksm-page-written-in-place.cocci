// file: mm/memory.c do_wp_page
// row: C17
// like: a merged page taken for one that is mapped only once
// says: a write to a page that KSM merged shows in the pages it was merged with
// breaks: data
@@
@@
- wp_can_reuse_anon_folio(folio, vma)
+ (wp_can_reuse_anon_folio(folio, vma) ||
+  anonmem_fault_if(FAULT_C17_ksm_page_written_in_place,
+		    folio_test_ksm(folio) && anonmem_own_vma(vma)))
