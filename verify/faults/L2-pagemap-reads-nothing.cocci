// file: fs/proc/task_mmu.c pagemap_read
// row: L2
// like: an end of the address space that is taken for its start
// says: pagemap opens, and reading it gives 0 bytes
@@
@@
- start_vaddr < end_vaddr
+ start_vaddr < end_vaddr &&
+ !anonmem_fault(FAULT_L2_pagemap_reads_nothing)
