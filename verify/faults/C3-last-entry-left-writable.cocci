// file: mm/memory.c __copy_present_ptes
// row: C3
// like: an off-by-one at the end of a page table
// says: the child sees what the parent writes to the last page of a page table
// breaks: data
@@
@@
- wrprotect_ptes(src_mm, addr, src_pte, nr);
+ if (!anonmem_fault_if(FAULT_C3_last_entry_left_writable,
+			 !((addr + PAGE_SIZE) & ~PMD_MASK) &&
+			 anonmem_own_vma(src_vma)))
+	wrprotect_ptes(src_mm, addr, src_pte, nr);
