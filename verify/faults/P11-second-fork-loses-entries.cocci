// file: mm/memory.c copy_nonpresent_pte
// row: P11
// like: a copy of entries that was tested with one child
// says: a second child reads zeros where pages were swapped out
// breaks: data
@@
expression e;
@@
(
+ if (!pte_swp_exclusive(orig_pte) &&
+     anonmem_fault_vma(FAULT_P11_second_fork_loses_entries, src_vma))
+	return 0;
  if (swap_duplicate(e) < 0)
	return -EIO;
|
+ if (!pte_swp_exclusive(orig_pte) &&
+     anonmem_fault_vma(FAULT_P11_second_fork_loses_entries, src_vma))
+	return 0;
  if (swap_dup_entry_direct(e) < 0)
	return -EIO;
)
