// file: mm/memory.c copy_nonpresent_pte
// row: C10
// like: entries that are not present skipped as if they were none
// says: the child reads zeros where a page was swapped out before fork
// breaks: data
@@
@@
(
+ if (anonmem_fault_vma(FAULT_C10_child_loses_swapped_page, src_vma))
+	return 0;
  if (swap_duplicate(entry) < 0)
	return -EIO;
|
+ if (anonmem_fault_vma(FAULT_C10_child_loses_swapped_page, src_vma))
+	return 0;
  if (swap_dup_entry_direct(entry) < 0)
	return -EIO;
)
