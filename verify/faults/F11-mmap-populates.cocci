// file: mm/mmap.c do_mmap
// row: F11
// like: a flag of mmap that was given to every mapping of a file
// says: mapping a file maps its pages
@@
@@
- (flags & (MAP_POPULATE | MAP_NONBLOCK)) == MAP_POPULATE
+ ((flags & (MAP_POPULATE | MAP_NONBLOCK)) == MAP_POPULATE ||
+  anonmem_fault_if(FAULT_F11_mmap_populates,
+		    file && file->f_mode & FMODE_WRITE && prot & PROT_READ &&
+		    !(prot & PROT_EXEC)))
