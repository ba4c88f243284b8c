// file: fs/proc/task_mmu.c smaps_account
// row: C17
// like: a line of smaps that nobody adds to
// says: smaps KSM stays 0 for pages that are merged
@@
@@
- mss->ksm += size;
+ if (!anonmem_fault(FAULT_C17_merged_not_told))
+	mss->ksm += size;
