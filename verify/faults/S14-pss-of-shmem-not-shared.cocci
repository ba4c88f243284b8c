// file: fs/proc/task_mmu.c smaps_account
// row: S14
// like: a division left to those pages that are anonymous
// says: smaps Pss of shared memory that two processes map is all of it
@@
@@
- pss /= mapcount;
+ if (!anonmem_fault_if(FAULT_S14_pss_of_shmem_not_shared,
+			folio_test_swapbacked(folio) && !folio_test_anon(folio)))
+	pss /= mapcount;
