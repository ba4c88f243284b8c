// file: mm/memory.c set_pte_range
// row: P8
// like: a marker thrown away without a look at what it says
// says: userfaultfd's write protection is lost when shared memory is swapped in
@@
@@
- vmf_orig_pte_uffd_wp(vmf)
+ vmf_orig_pte_uffd_wp(vmf) &&
+     !anonmem_fault_vma(FAULT_P8_marker_lost_on_fault, vma)
