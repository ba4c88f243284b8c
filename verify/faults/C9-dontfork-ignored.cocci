// file: kernel/fork.c dup_mmap
// row: C9
// like: a test of the mapping's flags lost when fork copied the tree at once
// says: a MADV_DONTFORK mapping is there in the child
// breaks: data
@@
@@
- mpnt->vm_flags & VM_DONTCOPY
+ (mpnt->vm_flags & VM_DONTCOPY &&
+  !anonmem_fault_vma(FAULT_C9_dontfork_ignored, mpnt))
