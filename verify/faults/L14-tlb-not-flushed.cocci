// file: mm/mprotect.c change_pte_range|prot_commit_flush_ptes
// row: L14
// like: pte_needs_flush() answering for one bit too few
// says: after mprotect(PROT_READ) a page just written can still be written
// breaks: data
@@
@@
- pte_needs_flush(oldpte, ptent)
+ (pte_needs_flush(oldpte, ptent) &&
+  !anonmem_fault_vma(FAULT_L14_tlb_not_flushed, vma))
