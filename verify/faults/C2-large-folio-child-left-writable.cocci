// file: mm/memory.c __copy_present_ptes
// row: C2
// like: a missing write-protect on fork, where a large folio is copied in one go
// says: what the child writes to a PTE-mapped huge page appears in the parent
// breaks: data
@@
@@
- pte = pte_wrprotect(pte);
+ if (!anonmem_fault_if(FAULT_C2_large_folio_child_left_writable,
+			 nr > 1 && anonmem_own_vma(src_vma)))
+	pte = pte_wrprotect(pte);
