// file: fs/proc/task_mmu.c pte_to_pagemap_entry
// row: S4
// like: "swap-backed" taken for "anonymous"
// says: pagemap does not set bit 61 for a page of shared memory
@@
@@
- flags |= PM_FILE;
+ if (!anonmem_fault_if(FAULT_S4_shared_shown_anonymous, folio_test_swapbacked(folio)))
+	flags |= PM_FILE;
