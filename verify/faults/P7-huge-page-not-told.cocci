// file: fs/proc/task_mmu.c pagemap_pmd_range|pagemap_pmd_range_thp
// row: P7
// like: PTEs thought of, PMDs not
// says: pagemap shows no page of a huge page as soft-dirty
@@
@@
- pmd_soft_dirty(pmd)
+ pmd_soft_dirty(pmd) && !anonmem_fault(FAULT_P7_huge_page_not_told)
