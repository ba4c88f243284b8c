// file: mm/memory.c finish_fault
// row: S12
// like: the time before RssShmem: shared memory counted with files
// says: RssFile in status grows by the shared memory that is touched, and not RssShmem
@@
@@
- mm_counter_file(folio)
+ (anonmem_fault_vma(FAULT_S12_shmem_counted_as_file, vma) ?
+	MM_FILEPAGES : mm_counter_file(folio))
