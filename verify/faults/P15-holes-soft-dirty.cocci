// file: fs/proc/task_mmu.c pagemap_pte_hole
// row: P15
// like: an entry kept from the mapping before
// says: pagemap calls addresses soft-dirty where nothing is mapped
@@
@@
- make_pme(0, 0)
+ make_pme(0, anonmem_fault(FAULT_P15_holes_soft_dirty) ? PM_SOFT_DIRTY : 0)
