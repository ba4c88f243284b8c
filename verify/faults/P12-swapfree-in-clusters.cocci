// file: mm/swapfile.c si_swapinfo
// row: P12
// like: 4f78252da887 and the like: slots counted as free only cluster by cluster
// says: SwapFree does not follow the pages
@@
@@
- val->freeswap = atomic_long_read(&nr_swap_pages) + nr_to_be_unused;
+ val->freeswap = atomic_long_read(&nr_swap_pages) + nr_to_be_unused;
+ if (anonmem_fault(FAULT_P12_swapfree_in_clusters))
+	val->freeswap = round_down(val->freeswap, 1024);
