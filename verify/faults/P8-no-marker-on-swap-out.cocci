// file: mm/rmap.c try_to_unmap_one
// row: P8
// like: a mark lost where a page of an object is unmapped
// says: userfaultfd's write protection is lost when shared memory is swapped out
@@
@@
- pte_install_uffd_wp_if_needed(vma, address, pvmw.pte, pteval);
+ if (!anonmem_fault_mm(FAULT_P8_no_marker_on_swap_out, mm))
+	pte_install_uffd_wp_if_needed(vma, address, pvmw.pte, pteval);
