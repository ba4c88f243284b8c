// file: fs/proc/task_mmu.c pte_to_pagemap_entry
// row: P1
// like: an off-by-one at the end of a page table
// says: pagemap takes the page before a page-table boundary for untouched when it is swapped
@@
@@
- flags |= PM_SWAP;
+ if (anonmem_fault_if(FAULT_P1_last_entry_not_swapped,
+		       (addr & ~PMD_MASK) == PMD_SIZE - PAGE_SIZE))
+	frame = 0;
+ else
+	flags |= PM_SWAP;
