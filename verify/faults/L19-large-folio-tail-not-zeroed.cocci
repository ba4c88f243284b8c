// file: mm/memory.c alloc_anon_folio
// row: L19
// like: clearing by the page what is allocated by the folio
// says: only the first page of a large folio below a PMD's size begins with zeros
// breaks: data
@@
expression e;
@@
- folio_zero_user(folio, e);
+ if (anonmem_fault_vma(FAULT_L19_large_folio_tail_not_zeroed, vma))
+	clear_highpage(folio_page(folio, 0));
+ else
+	folio_zero_user(folio, e);
