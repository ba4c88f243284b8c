// file: mm/mmap.c do_mmap
// row: L15
// like: MAP_NORESERVE lost in a reshuffle of mmap()
// says: a MAP_NORESERVE mapping larger than memory is refused
@@
@@
- if (sysctl_overcommit_memory != OVERCOMMIT_NEVER)
+ if (sysctl_overcommit_memory != OVERCOMMIT_NEVER &&
+     !anonmem_fault(FAULT_L15_noreserve_charged))
	vm_flags |= VM_NORESERVE;
