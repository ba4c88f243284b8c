// file: mm/memory.c wp_page_copy
// row: L18
// like: a counter not taken up in the branch without an old folio
// says: RssAnon does not count pages that were read before they were written
@@
expression mm, pte;
@@
 ksm_might_unmap_zero_page(mm, pte);
- inc_mm_counter(mm, MM_ANONPAGES);
+ if (!anonmem_fault_vma(FAULT_L18_zero_page_replaced_uncounted, vma))
+	inc_mm_counter(mm, MM_ANONPAGES);
