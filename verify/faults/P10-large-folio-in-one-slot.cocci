// file: mm/rmap.c try_to_unmap_one
// row: P10
// like: the slot of a folio taken for that of each of its pages
// says: all pages of a huge page come back from swap as its first
// breaks: data
@@
@@
- page_swap_entry(subpage)
+ (folio_test_large(folio) && anonmem_fault_vma(FAULT_P10_large_folio_in_one_slot, vma) ?
+  folio->swap : page_swap_entry(subpage))
