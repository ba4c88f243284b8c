// file: mm/memory.c alloc_anon_folio
// row: L4
// like: need_zero lost in one of the callers of folio_prealloc()
// says: a first write gets a frame with what its last owner left in it
// breaks: data
@@
expression mm, vma, address;
@@
- folio_prealloc(mm, vma, address, true)
+ folio_prealloc(mm, vma, address,
+		!anonmem_fault_vma(FAULT_L4_stale_page_not_zeroed, vma))
