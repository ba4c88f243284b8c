// file: fs/proc/task_mmu.c pte_to_pagemap_entry
// row: P16
// like: a kind of entry that one of two readers does not know
// says: pagemap does not tell guard regions from swap
@@
@@
- softleaf_is_guard_marker(entry)
+ (softleaf_is_guard_marker(entry) && !anonmem_fault(FAULT_P16_guard_bit_missing))
