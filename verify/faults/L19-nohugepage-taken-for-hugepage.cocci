// file: mm/khugepaged.c hugepage_madvise
// row: L19
// like: two cases of a switch that got each other's flags
// says: one byte in a MADV_NOHUGEPAGE range costs a huge page
@@
@@
- *vm_flags |= VM_NOHUGEPAGE;
+ *vm_flags |= anonmem_fault(FAULT_L19_nohugepage_taken_for_hugepage) ?
+	VM_HUGEPAGE : VM_NOHUGEPAGE;
