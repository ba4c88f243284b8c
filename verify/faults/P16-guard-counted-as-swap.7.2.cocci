// file: fs/proc/task_mmu.c smaps_pte_entry
// row: P16
// like: all entries that are not present taken for swap
// says: smaps Swap counts guard regions
@@
@@
+ if (!pte_present(ptent) && pte_is_marker(ptent) &&
+     anonmem_fault(FAULT_P16_guard_counted_as_swap))
+	mss->swap += PAGE_SIZE;
 if (!page)
	return;
