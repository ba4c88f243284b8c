// file: kernel/fork.c dup_mmap
// row: C9
// like: a test of the mapping's flags lost when fork copied the tree at once
// says: the child sees the parent's data in a MADV_WIPEONFORK mapping
// breaks: data
@@
@@
- tmp->vm_flags & VM_WIPEONFORK
+ (tmp->vm_flags & VM_WIPEONFORK &&
+  !anonmem_fault_vma(FAULT_C9_wipeonfork_ignored, mpnt))
