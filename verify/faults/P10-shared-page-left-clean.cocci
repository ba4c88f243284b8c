// file: mm/shmem.c shmem_swapin_folio
// row: P10
// like: a page that is not made dirty when its slot is given back
// says: shared pages that were swapped in and only read are zero the next time
// breaks: data
@@
@@
- folio_mark_dirty(folio);
+ if (!anonmem_fault(FAULT_P10_shared_page_left_clean))
+	folio_mark_dirty(folio);
