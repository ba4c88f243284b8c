// file: fs/proc/meminfo.c meminfo_proc_show
// row: S11
// like: Cached as many think it is
// says: Cached in meminfo does not count shared memory
@@
@@
- if (cached < 0)
+ if (anonmem_fault(FAULT_S11_cached_without_shmem))
+	cached -= i.sharedram;
+ if (cached < 0)
	cached = 0;
