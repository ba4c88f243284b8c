// file: fs/proc/task_mmu.c smaps_pte_entry
// row: L17
// like: what has a name in maps taken for not anonymous
// says: smaps does not count pages of the heap as Anonymous
@@
@@
 smaps_account(...);
+ if (anonmem_fault_if(FAULT_L17_heap_not_anonymous,
+		       vma_is_initial_heap(vma) &&
+		       folio_test_anon(page_folio(page))))
+	mss->anonymous -= PAGE_SIZE;
