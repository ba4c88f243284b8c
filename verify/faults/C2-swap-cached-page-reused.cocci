// file: mm/memory.c do_wp_page
// row: C2
// like: the swap cache's reference taken for all that a page has besides its owner's
// says: a write to a page that is in the swap cache, too, shows on the other side of a fork
// breaks: data
@@
@@
- wp_can_reuse_anon_folio(folio, vma)
+ (wp_can_reuse_anon_folio(folio, vma) ||
+  anonmem_fault_if(FAULT_C2_swap_cached_page_reused,
+		    folio_test_swapcache(folio) && !folio_test_large(folio) &&
+		    anonmem_own_vma(vma)))

// Who has a swap entry of it brings it in again, and stops the kernel if it is exclusive.
@@
@@
- SetPageAnonExclusive(vmf->page);
+ if (!anonmem_fault_if(FAULT_C2_swap_cached_page_reused,
+			 folio_test_swapcache(folio) && !folio_test_large(folio) &&
+			 anonmem_own_vma(vma)))
+	SetPageAnonExclusive(vmf->page);
