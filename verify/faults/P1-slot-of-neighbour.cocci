// file: fs/proc/task_mmu.c pte_to_pagemap_entry
// row: P1
// like: the entry of a large folio's first page shown for all of its pages
// says: pagemap shows the same slot for several swapped pages
@@
@@
- swp_offset(entry)
+ (anonmem_fault(FAULT_P1_slot_of_neighbour) ?
+  round_down(swp_offset(entry), 4) + 1 : swp_offset(entry))
