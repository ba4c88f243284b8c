// file: mm/memory.c do_swap_page
// row: P8
// like: a mark that one of two copies of an entry forgets
// says: userfaultfd's write protection is lost when private memory is swapped in
@@
@@
- pte_swp_uffd_wp(vmf->orig_pte)
+ (pte_swp_uffd_wp(vmf->orig_pte) &&
+  !anonmem_fault_vma(FAULT_P8_lost_on_swap_in, vma))
