// file: fs/proc/task_mmu.c smaps_page_accumulate
// row: S12
// like: a counter taken to be the rest of two others, and only where there is one
// says: smaps_rollup's Pss_File has nothing of files that the process writes
@@
@@
- mss->pss_file += pss;
+ if (!anonmem_fault_if(FAULT_S12_rollup_leaves_files_out,
+			 dirty || folio_test_dirty(folio)))
+	mss->pss_file += pss;
