// file: kernel/fork.c copy_mm
// row: C8
// like: CLONE_VM honoured for threads only
// says: a process made by clone(CLONE_VM) has memory of its own
// breaks: data
@@
@@
- clone_flags & CLONE_VM
+ (clone_flags & CLONE_VM &&
+  !anonmem_fault_if(FAULT_C8_clone_vm_gets_a_copy,
+		     !(clone_flags & (CLONE_VFORK | CLONE_THREAD))))
