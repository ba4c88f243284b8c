// file: mm/memory.c do_cow_fault
// row: F5
// like: a copy_page() that is one cache line short, where the page was never read
// says: the copy that a store makes differs from the file in its last bytes
// breaks: data
@@
@@
 __folio_mark_uptodate(folio);
+ if (anonmem_fault_vma(FAULT_F5_copy_loses_tail, vma))
+	memset(page_address(vmf->cow_page) + PAGE_SIZE - 64, 0, 64);
