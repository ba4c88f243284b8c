// file: fs/proc/task_mmu.c pagemap_read
// row: P15
// like: a check that rounds instead of refusing
// says: pagemap can be read from the middle of an entry
@@
@@
- *ppos % PM_ENTRY_BYTES
+ *ppos % PM_ENTRY_BYTES && !anonmem_fault(FAULT_P15_odd_offset_accepted)
