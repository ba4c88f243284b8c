// file: mm/shmem.c shmem_get_folio_gfp
// row: S1
// like: the clearing of a new page lost in one of its paths
// says: fresh shared memory shows what the frame held before
// breaks: data
@@
@@
- clear_highpage(folio_page(folio, i));
+ if (vma && anonmem_fault_if(FAULT_S1_stale_page_not_zeroed, index && anonmem_own_vma(vma)))
+	memset(page_address(folio_page(folio, i)), 0xa5, PAGE_SIZE);
+ else
+	clear_highpage(folio_page(folio, i));
