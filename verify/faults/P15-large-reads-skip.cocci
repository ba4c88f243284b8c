// file: fs/proc/task_mmu.c pagemap_read
// row: P15
// like: a step over page tables that starts in the middle of one
// says: reads of pagemap over several page tables leave pages out
@@
@@
- start_vaddr = end;
+ start_vaddr = end + (anonmem_fault_if(FAULT_P15_large_reads_skip,
+				       copied && IS_ALIGNED(end, PMD_SIZE) &&
+				       end + PAGE_SIZE < end_vaddr) ? PAGE_SIZE : 0);
