// file: mm/gup.c faultin_page_range
// row: L10
// like: both kinds of MADV_POPULATE taking the path of one
// says: MADV_POPULATE_READ allocates pages where zero pages will do
@@
@@
  ret = __get_user_pages_locked(mm, start, nr_pages, NULL, locked,
-				gup_flags);
+				anonmem_fault_if(FAULT_L10_populate_read_writes, !write) ?
+				gup_flags | FOLL_WRITE : gup_flags);
