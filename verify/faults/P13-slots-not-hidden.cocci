// file: fs/proc/task_mmu.c pte_to_pagemap_entry
// row: P13
// like: a check that one of two branches lacks
// says: pagemap hides frames from the unprivileged, and shows slots
@@
@@
- pm->show_pfn
+ (pm->show_pfn || anonmem_fault_if(FAULT_P13_slots_not_hidden, !pte_present(pte)))
