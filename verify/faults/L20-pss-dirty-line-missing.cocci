// file: fs/proc/task_mmu.c __show_smap
// row: L20
// like: a line that moved behind a condition
// says: smaps has no Pss_Dirty
@@
@@
- SEQ_PUT_DEC(" kB\nPss_Dirty:      ", mss->pss_dirty >> PSS_SHIFT);
+ if (!anonmem_fault(FAULT_L20_pss_dirty_line_missing))
+	SEQ_PUT_DEC(" kB\nPss_Dirty:      ", mss->pss_dirty >> PSS_SHIFT);
