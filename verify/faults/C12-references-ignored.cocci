// file: mm/memory.c do_wp_page
// row: C12
// like: CVE-2020-29374, mappers counted and not references
// says: what the parent writes shows in a pipe that the child filled by vmsplice
// breaks: data
@@
@@
- wp_can_reuse_anon_folio(folio, vma)
+ (wp_can_reuse_anon_folio(folio, vma) ||
+  anonmem_fault_if(FAULT_C12_references_ignored,
+		    !folio_test_large(folio) && !folio_test_ksm(folio) &&
+		    !folio_test_swapcache(folio) &&
+		    folio_mapcount(folio) == 1 && anonmem_own_vma(vma)))
