// file: fs/proc/task_mmu.c smap_gather_stats
// row: P6
// like: "=" where "+=" was meant
// says: smaps_rollup Swap lacks what mappings before one of shared memory have in swap
@@
@@
- mss->swap += shmem_swapped;
+ if (anonmem_fault_if(FAULT_P6_rollup_forgets_what_came_before, mss->swap))
+	mss->swap = shmem_swapped;
+ else
+	mss->swap += shmem_swapped;
