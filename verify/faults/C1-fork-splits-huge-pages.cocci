// file: mm/huge_memory.c copy_huge_pmd
// row: C1
// like: 70e806e4e645 gone wrong: every huge page taken for one that is pinned
// says: fork has the parent and the child map huge pages by PTEs
@@
expression list es;
@@
- folio_try_dup_anon_rmap_pmd(es)
+ (anonmem_fault_vma(FAULT_C1_fork_splits_huge_pages, src_vma) ||
+  folio_try_dup_anon_rmap_pmd(es))
