// file: mm/shmem.c shmem_alloc_and_add_folio
// row: S13
// like: a charge without a process to charge
// says: shared memory is not charged to the cgroup of who touches it first
@@
expression a, b, c;
@@
- mem_cgroup_charge(a, b, c)
+ mem_cgroup_charge(a,
+	anonmem_fault(FAULT_S13_shmem_charged_to_the_root) ? &init_mm : b, c)
