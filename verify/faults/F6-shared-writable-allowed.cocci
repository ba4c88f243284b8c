// file: mm/mmap.c do_mmap
// row: F6
// like: the check for a file's mode in the wrong order
// says: mmap lets one have a shared and writable mapping of a file open for reading
@@
@@
- if (!(file->f_mode & FMODE_WRITE))
+ if (!(file->f_mode & FMODE_WRITE) &&
+     !anonmem_fault(FAULT_F6_shared_writable_allowed))
	return -EACCES;
