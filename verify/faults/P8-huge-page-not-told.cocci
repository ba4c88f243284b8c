// file: fs/proc/task_mmu.c pagemap_pmd_range|pagemap_pmd_range_thp
// row: P8
// like: PTEs thought of, PMDs not
// says: pagemap shows no page of a write-protected huge page as such
@@
@@
- pmd_uffd_wp(pmd)
+ pmd_uffd_wp(pmd) && !anonmem_fault(FAULT_P8_huge_page_not_told)
