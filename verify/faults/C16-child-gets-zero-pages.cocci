// file: mm/memory.c copy_pte_range
// row: C16
// like: an empty entry copied as if it were one
// says: after fork pages that nobody touched are present in the child
@@
@@
  if (pte_none(ptent)) {
+	if (anonmem_fault_if(FAULT_C16_child_gets_zero_pages,
+			      vma_is_anonymous(src_vma) &&
+			      anonmem_own_vma(src_vma)))
+		set_pte_at(dst_mm, addr, dst_pte,
+			   pte_mkspecial(pfn_pte(page_to_pfn(ZERO_PAGE(addr)),
+						 dst_vma->vm_page_prot)));
  ...
  }
