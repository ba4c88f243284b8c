// file: fs/proc/task_mmu.c pagemap_pmd_range|pagemap_pmd_range_thp
// row: P15
// like: the first page's frame given where a read begins within a huge page
// says: a pagemap read that begins within a huge page gives frames of its beginning
@@
@@
- pmd_pfn(pmd) + idx
+ pmd_pfn(pmd) + (anonmem_fault_if(FAULT_P15_huge_page_from_its_middle, idx) ? 0 : idx)
