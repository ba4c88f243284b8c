// file: mm/mremap.c move_ptes
// row: L16
// like: eb66ae030829, stale entries in the TLB after mremap
// says: what mremap moved away can still be read at its old address
// breaks: data
@@
expression a, b;
@@
- flush_tlb_range(vma, a, b);
+ if (!anonmem_fault_vma(FAULT_L16_tlb_not_flushed, vma))
+	flush_tlb_range(vma, a, b);
