// file: mm/mmap.c SYSCALL_DEFINE1(brk
// row: L17
// like: the condition on VM_LOCKED lost
// says: growing the heap makes all of it resident at once
@@
@@
- mm->def_flags & VM_LOCKED
+ (mm->def_flags & VM_LOCKED) || anonmem_fault(FAULT_L17_brk_populates)
