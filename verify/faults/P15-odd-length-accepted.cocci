// file: fs/proc/task_mmu.c pagemap_read
// row: P15
// like: one half of a check lost
// says: pagemap can be read by parts of an entry
@@
@@
- count % PM_ENTRY_BYTES
+ count % PM_ENTRY_BYTES && !anonmem_fault(FAULT_P15_odd_length_accepted)
