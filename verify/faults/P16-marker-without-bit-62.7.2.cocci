// file: fs/proc/task_mmu.c pte_to_pagemap_entry
// row: P16
// like: entries that are not present told apart too finely
// says: pagemap does not set bit 62 for markers
@@
@@
- flags |= PM_SWAP;
+ if (!anonmem_fault_if(FAULT_P16_marker_without_bit_62,
+			pte_is_marker(pte)))
+	flags |= PM_SWAP;
