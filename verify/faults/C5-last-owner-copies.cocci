// file: mm/memory.c do_wp_page
// row: C5
// like: 09854ba94c6a, a page copied although nobody else has it any more
// says: the last owner of a page gets another frame when it writes
@@
@@
- wp_can_reuse_anon_folio(folio, vma)
+ (!anonmem_fault_vma(FAULT_C5_last_owner_copies, vma) &&
+  wp_can_reuse_anon_folio(folio, vma))
