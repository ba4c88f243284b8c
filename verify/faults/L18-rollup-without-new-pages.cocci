// file: fs/proc/task_mmu.c __show_smap
// row: L18
// like: 27dd768ed8db, a sum that only smaps_rollup gets wrong
// says: Rss in smaps_rollup does not grow with what the process writes
@@
@@
- mss->resident
+ mss->resident -
+	(anonmem_fault_if(FAULT_L18_rollup_without_new_pages, rollup_mode) ?
+	 mss->private_dirty : 0)
