// file: fs/proc/task_mmu.c smaps_page_accumulate
// row: S12
// like: one of three kinds forgotten where they are told apart
// says: Pss_File in smaps_rollup counts shared memory, and not Pss_Shmem
@@
@@
- folio_test_swapbacked(folio)
+ (folio_test_swapbacked(folio) &&
+  !anonmem_fault(FAULT_S12_rollup_calls_shmem_a_file))
