// file: mm/memcontrol.c memcg_stat_format
// row: S13
// like: a counter that is not among those flushed
// says: shmem in memory.stat stays 0
@@
@@
 size = memcg_page_state_output(memcg, memory_stats[i].idx);
+ if (anonmem_fault_if(FAULT_S13_memory_stat_without_shmem,
+		       memory_stats[i].idx == NR_SHMEM))
+	size = 0;
