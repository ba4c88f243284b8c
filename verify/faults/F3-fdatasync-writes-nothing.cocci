// file: fs/sync.c do_fsync
// row: F3
// like: fdatasync() taken to be about the inode, which did not change
// says: fdatasync() returns and what was stored is not on the storage
// breaks: data
@@
expression list es;
@@
- vfs_fsync(es)
+ (anonmem_fault_if(FAULT_F3_fdatasync_writes_nothing, datasync) ? 0 :
+  vfs_fsync(es))
