// file: mm/memory.c folio_prealloc
// row: L4
// like: a clear_page() that is one cache line short
// says: the last 64 bytes of a new page are not zero
// breaks: data
@@
identifier f;
@@
 struct folio *f;
 ...
- return f;
+ if (f && anonmem_fault_if(FAULT_L4_page_tail_not_zeroed,
+			     need_zero && anonmem_own_vma(vma)))
+	memset(folio_address(f) + PAGE_SIZE - 64, 0xa5, 64);
+ return f;
