// file: fs/proc/task_mmu.c pte_to_pagemap_entry
// row: P8
// like: a kind of entry that one of two readers does not know
// says: pagemap does not show write protection of shared pages that are swapped out
@@
@@
(
- pte_marker_entry_uffd_wp(entry)
+ (pte_marker_entry_uffd_wp(entry) &&
+  !anonmem_fault(FAULT_P8_marker_not_told))
|
- softleaf_is_uffd_wp_marker(entry)
+ (softleaf_is_uffd_wp_marker(entry) &&
+  !anonmem_fault(FAULT_P8_marker_not_told))
)
