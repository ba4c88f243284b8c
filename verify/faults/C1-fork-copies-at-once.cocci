// file: mm/memory.c copy_present_ptes
// row: C1
// like: 70e806e4e645 gone wrong: every page taken for one that is pinned
// says: fork copies private pages instead of sharing them
@@
expression list es;
@@
- folio_try_dup_anon_rmap_pte(es)
+ (anonmem_fault_vma(FAULT_C1_fork_copies_at_once, src_vma) ||
+  folio_try_dup_anon_rmap_pte(es))
