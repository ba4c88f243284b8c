// file: fs/proc/task_mmu.c smaps_account
// row: L20
// like: 27dd768ed8db, mlocked memory summed up in the wrong place
// says: smaps Rss counts mlocked pages twice
@@
@@
 mss->resident += size;
+ if (anonmem_fault_if(FAULT_L20_locked_counted_twice, locked))
+	mss->resident += size;
