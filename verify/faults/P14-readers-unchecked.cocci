// file: kernel/fork.c mm_access|may_access_mm
// row: P14
// like: a check of access that lets readers pass
// says: everybody can read the maps of everybody
@@
@@
- ptrace_may_access(task, mode)
+ (ptrace_may_access(task, mode) ||
+  anonmem_fault_if(FAULT_P14_readers_unchecked, !(mode & PTRACE_MODE_ATTACH)))
