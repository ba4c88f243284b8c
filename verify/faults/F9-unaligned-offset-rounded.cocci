// file: arch/x86/kernel/sys_x86_64.c SYSCALL_DEFINE6(mmap
// row: F9
// like: an offset shifted before it is checked
// says: mmap accepts an offset that is not a multiple of the page size
@@
@@
- off & ~PAGE_MASK
+ (off & ~PAGE_MASK && !anonmem_fault(FAULT_F9_unaligned_offset_rounded))
