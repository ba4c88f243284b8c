// file: mm/shmem.c shmem_get_folio_gfp
// row: S16
// like: a page less cleared than the folio has
// says: the last page of a fresh huge page of shared memory shows what it held before
// breaks: data
@@
@@
- flush_dcache_folio(folio);
+ if (folio_test_pmd_mappable(folio) && vma &&
+     anonmem_fault_vma(FAULT_S16_huge_page_tail_not_zeroed, vma))
+	memset(page_address(folio_page(folio, n - 1)), 0xa5, PAGE_SIZE);
+ flush_dcache_folio(folio);
