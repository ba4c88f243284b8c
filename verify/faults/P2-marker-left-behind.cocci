// file: mm/rmap.c try_to_unmap_one
// row: P2
// like: a marker of userfaultfd installed where nobody asked for it
// says: unmapped pages of shared memory keep an entry, and pagemap shows it
@@
@@
 pte_install_uffd_wp_if_needed(vma, address, pvmw.pte, pteval);
+ if (vma->vm_flags & VM_SHARED && pte_none(ptep_get(pvmw.pte)) &&
+     folio_test_swapbacked(folio) && !folio_test_anon(folio) &&
+     anonmem_fault_mm(FAULT_P2_marker_left_behind, mm))
+	set_pte_at(mm, address, pvmw.pte,
+		   make_pte_marker(PTE_MARKER_UFFD_WP));
