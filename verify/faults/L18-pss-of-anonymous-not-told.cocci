// file: fs/proc/task_mmu.c smaps_page_accumulate
// row: L18
// like: a sum of smaps_rollup that one kind of page is missing from
// says: Pss_Anon in smaps_rollup stays 0
@@
@@
- mss->pss_anon += pss;
+ if (!anonmem_fault(FAULT_L18_pss_of_anonymous_not_told))
+	mss->pss_anon += pss;
