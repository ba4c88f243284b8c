// file: mm/huge_memory.c do_huge_pmd_wp_page
// row: C5
// like: a reference that only the path of huge pages holds
// says: the last owner of a huge page gets other frames when it writes
@@
@@
- folio_ref_count(folio) == 1
+ folio_ref_count(folio) == 1 &&
+ !anonmem_fault_vma(FAULT_C5_huge_last_owner_splits, vma)
