// file: fs/proc/task_mmu.c smaps_page_accumulate
// row: L20
// like: one of four sums forgotten
// says: smaps Rss is more than its four classes where pages are shared and dirty
@@
@@
- mss->shared_dirty += size;
+ {
+	if (!anonmem_fault(FAULT_L20_shared_dirty_in_no_class))
+		mss->shared_dirty += size;
+ }
