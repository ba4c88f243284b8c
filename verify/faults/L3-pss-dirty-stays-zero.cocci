// file: fs/proc/task_mmu.c smaps_page_accumulate
// row: L3
// like: a counter that a new line of smaps needs, and one path does not count
// says: smaps Pss_Dirty does not count a page that was just written
@@
@@
- mss->pss_dirty += pss;
+ if (!anonmem_fault_if(FAULT_L3_pss_dirty_stays_zero, private))
+	mss->pss_dirty += pss;
