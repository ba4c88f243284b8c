// file: ipc/shm.c newseg
// row: S15
// like: a size that is rounded down
// says: the last page of a System V segment cannot be touched
// breaks: data
@@
expression n, s, f;
@@
- shmem_kernel_file_setup(n, s, f)
+ shmem_kernel_file_setup(n, s -
+	(anonmem_fault_if(FAULT_S15_sysv_one_page_short, s > PAGE_SIZE) ?
+	 PAGE_SIZE : 0), f)
