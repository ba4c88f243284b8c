// file: fs/proc/task_mmu.c pte_to_pagemap_entry
// row: L3
// like: a bit that one of the readers of an entry forgets
// says: pagemap does not show a written page present
@@
@@
- flags |= PM_PRESENT;
+ if (!anonmem_fault_if(FAULT_L3_first_touch_not_present, pte_dirty(pte)))
+	flags |= PM_PRESENT;
