// file: mm/msync.c SYSCALL_DEFINE3(msync
// row: F3
// like: MS_SYNC taken for MS_ASYNC, which does nothing
// says: msync() returns and what was stored is not on the storage
// breaks: data
@@
expression file, from, to;
@@
- vfs_fsync_range(file, from, to, 1)
+ (anonmem_fault(FAULT_F3_msync_writes_nothing) ? 0 :
+  vfs_fsync_range(file, from, to, 1))
