// file: fs/proc/task_mmu.c smaps_pte_range
// row: L5
// like: an off-by-one at the end of a page table
// says: smaps does not count the last page that a page table maps
@@
@@
- smaps_pte_entry(pte, addr, walk);
+ if (!anonmem_fault_if(FAULT_L5_last_entry_of_table_missed,
+			 !((addr + PAGE_SIZE) & ~PMD_MASK)))
+	smaps_pte_entry(pte, addr, walk);
