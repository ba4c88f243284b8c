// file: fs/proc/task_mmu.c smaps_account
// row: C1
// like: "<=" for "<" in the test for sharing
// says: smaps counts a page that two processes map as Private_*
@@
@@
- mapcount < 2
+ (mapcount < 2 || (mapcount == 2 &&
+		      anonmem_fault_if(FAULT_C1_shared_shown_private,
+				       folio_test_anon(folio))))
