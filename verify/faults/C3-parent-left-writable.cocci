// file: mm/memory.c __copy_present_ptes
// row: C3
// like: a missing write-protect on fork, the parent's side
// says: what the parent writes after fork appears in the child
// breaks: data
@@
@@
- wrprotect_ptes(src_mm, addr, src_pte, nr);
+ if (!anonmem_fault_vma(FAULT_C3_parent_left_writable, src_vma))
+	wrprotect_ptes(src_mm, addr, src_pte, nr);
