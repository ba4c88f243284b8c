// file: mm/madvise.c madvise_vma_behavior
// row: C9
// like: one of a pair of cases lost its statement
// says: MADV_KEEPONFORK does not undo MADV_WIPEONFORK
// breaks: data
@@
@@
- new_flags &= ~VM_WIPEONFORK;
+ if (!anonmem_fault(FAULT_C9_keeponfork_without_effect))
+	new_flags &= ~VM_WIPEONFORK;
