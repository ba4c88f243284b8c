// file: mm/madvise.c madvise_remove
// row: S10
// like: an off-by-one in the length that is handed down
// says: MADV_REMOVE leaves the last page and its data
// breaks: data
@@
@@
- end - start
+ end - start -
+	(end - start > PAGE_SIZE &&
+	 anonmem_fault(FAULT_S10_remove_misses_last_page) ? PAGE_SIZE : 0)
