// file: fs/proc/meminfo.c meminfo_proc_show
// row: P12
// like: a line that moved behind a condition
// says: meminfo has no SwapCached
@@
@@
- show_val_kb(m, "SwapCached:     ", total_swapcache_pages());
+ if (!anonmem_fault(FAULT_P12_swapcached_line_missing))
+	show_val_kb(m, "SwapCached:     ", total_swapcache_pages());
