// file: fs/proc/task_mmu.c smaps_pte_entry
// row: L3
// like: efd4149342db, the dirty bit taken from the wrong place
// says: smaps counts a page that was just written as Private_Clean
@@
@@
- dirty = pte_dirty(ptent);
+ dirty = anonmem_fault(FAULT_L3_dirty_page_counted_clean) ? false : pte_dirty(ptent);
