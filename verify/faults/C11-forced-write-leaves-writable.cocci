// file: mm/memory.c wp_page_copy
// row: C11
// like: pte_mkwrite() where maybe_mkwrite() was meant
// says: after a forced write a plain write to read-only memory succeeds
// breaks: data
@@
@@
- entry = maybe_mkwrite(pte_mkdirty(entry), vma);
+ entry = anonmem_fault_vma(FAULT_C11_forced_write_leaves_writable, vma) ?
+	pte_mkwrite(pte_mkdirty(entry), vma) :
+	maybe_mkwrite(pte_mkdirty(entry), vma);
