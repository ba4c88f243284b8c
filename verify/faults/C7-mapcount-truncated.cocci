// file: fs/proc/task_mmu.c smaps_account
// row: C7
// like: a mapcount squeezed into too few bits
// says: smaps Pss is wrong from 64 mappers on
@@
@@
- pss /= mapcount;
+ {
+	if (mapcount >= 64 && anonmem_fault(FAULT_C7_mapcount_truncated))
+		pss /= (mapcount & 63) ?: 1;
+	else
+		pss /= mapcount;
+ }
