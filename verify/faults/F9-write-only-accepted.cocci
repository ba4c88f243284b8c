// file: mm/mmap.c do_mmap
// row: F9
// like: a check of the file's mode for shared mappings only when they are readable
// says: mmap accepts a descriptor that is open for writing only
@@
@@
- !(file->f_mode & FMODE_READ)
+ (!(file->f_mode & FMODE_READ) &&
+  !anonmem_fault_if(FAULT_F9_write_only_accepted, !(prot & PROT_READ)))
