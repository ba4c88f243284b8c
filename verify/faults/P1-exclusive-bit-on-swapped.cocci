// file: fs/proc/task_mmu.c pte_to_pagemap_entry
// row: P1
// like: da7f31ed0f4d, the exclusive bit of entries that are not present
// says: pagemap calls swapped pages exclusively mapped
@@
@@
 flags |= PM_SWAP;
+ if (anonmem_fault_if(FAULT_P1_exclusive_bit_on_swapped, pte_swp_exclusive(pte)))
+	flags |= PM_MMAP_EXCLUSIVE;
