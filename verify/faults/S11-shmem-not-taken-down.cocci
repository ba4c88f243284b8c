// file: mm/filemap.c filemap_unaccount_folio
// row: S11
// like: a counter that is not taken down
// says: Shmem in meminfo does not fall when shared memory is freed
@@
@@
(
- __lruvec_stat_mod_folio(folio, NR_SHMEM, -nr);
+ if (!anonmem_fault(FAULT_S11_shmem_not_taken_down))
+	__lruvec_stat_mod_folio(folio, NR_SHMEM, -nr);
|
- lruvec_stat_mod_folio(folio, NR_SHMEM, -nr);
+ if (!anonmem_fault(FAULT_S11_shmem_not_taken_down))
+	lruvec_stat_mod_folio(folio, NR_SHMEM, -nr);
)
