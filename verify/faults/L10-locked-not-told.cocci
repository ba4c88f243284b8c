// file: fs/proc/task_mmu.c task_mem
// row: L10
// like: a line of status that lost its counter
// says: VmLck stays 0 while memory is locked
@@
@@
- mm->locked_vm
+ (anonmem_fault(FAULT_L10_locked_not_told) ? 0 : mm->locked_vm)
