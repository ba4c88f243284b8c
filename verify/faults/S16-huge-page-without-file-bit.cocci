// file: fs/proc/task_mmu.c pagemap_pmd_range|pagemap_pmd_range_thp
// row: S16
// like: 3f9f022e975d, the bit for files missing where a PMD maps them
// says: pagemap does not set bit 61 for a huge page of shared memory
@@
@@
- flags |= PM_FILE;
+ if (!anonmem_fault_if(FAULT_S16_huge_page_without_file_bit, folio_test_swapbacked(folio)))
+	flags |= PM_FILE;
