// file: mm/memory.c do_anonymous_page|map_anon_folio_pte_nopf
// row: L9
// like: pte_mkwrite() without effect on an entry that was not dirty yet
// says: the first write to a page takes two faults instead of one
@@
@@
- entry = pte_mkwrite(pte_mkdirty(entry), vma);
+ entry = anonmem_fault_vma(FAULT_L9_write_permission_forgotten, vma) ?
+	pte_mkdirty(entry) : pte_mkwrite(pte_mkdirty(entry), vma);
