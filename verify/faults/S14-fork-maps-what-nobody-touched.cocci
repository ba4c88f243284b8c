// file: mm/memory.c vma_needs_copy
// row: S14
// like: page tables copied on fork that page faults would fill as well
// says: the share of a process in memory falls by a child that does not touch it
@@
@@
- src_vma->anon_vma
+ (src_vma->anon_vma ||
+  anonmem_fault_if(FAULT_S14_fork_maps_what_nobody_touched,
+		    src_vma->vm_flags & VM_SHARED && anonmem_own_vma(src_vma)))
