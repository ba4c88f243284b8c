// file: fs/proc/task_mmu.c smaps_pte_entry
// row: P11
// like: a count taken for a flag
// says: SwapPss is half of Swap however many processes share the entries
@@
@@
- do_div(pss_delta, mapcount);
+ do_div(pss_delta, mapcount > 2 && anonmem_fault(FAULT_P11_swappss_knows_two_sharers) ?
+		   2 : mapcount);
