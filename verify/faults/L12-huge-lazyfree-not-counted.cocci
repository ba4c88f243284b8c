// file: fs/proc/task_mmu.c smaps_account
// row: L12
// like: base pages thought of, huge ones not
// says: smaps LazyFree stays 0 after MADV_FREE of a huge page
@@
@@
- mss->lazyfree += size;
+ if (!anonmem_fault_if(FAULT_L12_huge_lazyfree_not_counted, size == HPAGE_PMD_SIZE))
+	mss->lazyfree += size;
