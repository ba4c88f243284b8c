// file: mm/mmap.c do_mmap
// row: L10
// like: a test of two flags reduced to one of them
// says: MAP_POPULATE|MAP_NONBLOCK populates
@@
@@
- (flags & (MAP_POPULATE | MAP_NONBLOCK)) == MAP_POPULATE
+ ((flags & (MAP_POPULATE | MAP_NONBLOCK)) == MAP_POPULATE ||
+  ((flags & MAP_POPULATE) && anonmem_fault(FAULT_L10_nonblock_populates)))
