// file: fs/proc/task_mmu.c smaps_account
// row: L3
// like: a statistic whose update moved into the branch of large folios
// says: smaps Anonymous stays 0 when base pages are touched
@@
@@
- mss->anonymous += size;
+ if (!anonmem_fault_if(FAULT_L3_anonymous_not_counted, !compound))
+	mss->anonymous += size;
