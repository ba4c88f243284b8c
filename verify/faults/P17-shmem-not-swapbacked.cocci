// file: fs/proc/page.c stable_page_flags
// row: P17
// like: a flag that a reader derives from another one
// says: kpageflags does not show shared memory as swap backed
@@
@@
- kpf_copy_bit(k, KPF_SWAPBACKED, PG_swapbacked)
+ (anonmem_fault_if(FAULT_P17_shmem_not_swapbacked, !is_anon) ? 0 :
+  kpf_copy_bit(k, KPF_SWAPBACKED, PG_swapbacked))
