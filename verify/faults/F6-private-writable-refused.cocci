// file: mm/mmap.c do_mmap
// row: F6
// like: the check for shared mappings applied to private ones, too
// says: mmap refuses a private and writable mapping of a file open for reading
@@
@@
- if (!(file->f_mode & FMODE_READ))
+ if (!(file->f_mode & FMODE_READ) ||
+     anonmem_fault_if(FAULT_F6_private_writable_refused,
+		       prot & PROT_WRITE && !(file->f_mode & FMODE_WRITE) &&
+		       !(prot & PROT_EXEC) && !current->in_execve &&
+		       (flags & MAP_TYPE) == MAP_PRIVATE))
	return -EACCES;
