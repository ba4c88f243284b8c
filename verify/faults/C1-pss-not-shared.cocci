// file: fs/proc/task_mmu.c smaps_account
// row: C1
// like: ">" for ">=" in the test for sharing
// says: smaps Pss of a page that two processes map is the whole page
@@
@@
- if (mapcount >= 2)
+ if (mapcount >= 2 &&
+     !anonmem_fault_if(FAULT_C1_pss_not_shared,
+			mapcount == 2 && folio_test_anon(folio)))
	pss /= mapcount;
