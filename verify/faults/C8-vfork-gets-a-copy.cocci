// file: kernel/fork.c copy_mm
// row: C8
// like: CLONE_VM forgotten among the flags of vfork
// says: the parent does not see what a vfork child wrote
// breaks: data
@@
@@
- clone_flags & CLONE_VM
+ (clone_flags & CLONE_VM &&
+  !anonmem_fault_if(FAULT_C8_vfork_gets_a_copy, clone_flags & CLONE_VFORK))
