// file: fs/proc/task_mmu.c smap_gather_stats
// row: P6
// like: a statistic of page tables fed from the object
// says: SwapPss counts swapped pages of shared memory
@@
@@
 mss->swap += shmem_swapped;
+ if (anonmem_fault_if(FAULT_P6_object_in_swappss, shmem_swapped))
+	mss->swap_pss += shmem_swapped << PSS_SHIFT;
