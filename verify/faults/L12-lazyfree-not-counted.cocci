// file: fs/proc/task_mmu.c smaps_account
// row: L12
// like: a statistic whose update moved into the branch of large folios
// says: smaps LazyFree stays 0 after MADV_FREE of base pages
@@
@@
- mss->lazyfree += size;
+ if (!anonmem_fault_if(FAULT_L12_lazyfree_not_counted, !compound))
+	mss->lazyfree += size;
