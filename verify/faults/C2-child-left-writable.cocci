// file: mm/memory.c __copy_present_ptes
// row: C2
// like: a missing write-protect on fork, the child's side
// says: what the child writes after fork appears in the parent
// breaks: data
@@
@@
- pte = pte_wrprotect(pte);
+ if (!anonmem_fault_vma(FAULT_C2_child_left_writable, src_vma))
+	pte = pte_wrprotect(pte);
