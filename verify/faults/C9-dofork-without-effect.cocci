// file: mm/madvise.c madvise_vma_behavior
// row: C9
// like: one of a pair of cases lost its statement
// says: MADV_DOFORK does not undo MADV_DONTFORK
// breaks: data
@@
@@
- new_flags &= ~VM_DONTCOPY;
+ if (!anonmem_fault(FAULT_C9_dofork_without_effect))
+	new_flags &= ~VM_DONTCOPY;
