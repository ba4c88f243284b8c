// file: fs/proc/task_mmu.c pagemap_thp_category
// row: P8
// like: write protection looked up in PTEs only
// says: PAGEMAP_SCAN calls a write-protected huge page written
@@
@@
- !pmd_uffd_wp(pmd)
+ (!pmd_uffd_wp(pmd) || anonmem_fault(FAULT_P8_huge_page_always_written))
