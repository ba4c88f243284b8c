// file: mm/memory.c wp_page_copy
// row: L8
// like: need_zero lost in the caller that replaces the zero page
// says: writing to a page first read gets a frame with what its last owner left
// breaks: data
@@
expression mm, vma, address;
@@
- folio_prealloc(mm, vma, address, pfn_is_zero)
+ folio_prealloc(mm, vma, address, pfn_is_zero &&
+		!anonmem_fault_vma(FAULT_L8_zero_page_replaced_by_stale, vma))
