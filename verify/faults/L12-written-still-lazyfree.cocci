// file: fs/proc/task_mmu.c smaps_account
// row: L12
// like: the dirty bit of the entry forgotten beside the one of the folio
// says: a page written after MADV_FREE is still counted in LazyFree
@@
@@
- !folio_test_swapbacked(folio) && !dirty &&
+ !folio_test_swapbacked(folio) &&
+ (!dirty || anonmem_fault(FAULT_L12_written_still_lazyfree)) &&
  !folio_test_dirty(folio)
