// file: mm/memory.c do_shared_fault
// row: S3
// like: copy on write where memory is shared
// says: who stores in shared memory that another process maps stores in a frame of its own
@@
@@
- folio = page_folio(vmf->page);
+ folio = page_folio(vmf->page);
+ if (anonmem_fault_if(FAULT_S3_second_mapper_gets_a_copy,
+		       folio_mapped(folio) && !folio_test_large(folio) && vmf->pgoff &&
+		       IS_PRIVATE(file_inode(vma->vm_file)) && anonmem_own_vma(vma))) {
+	struct page *own = alloc_page(GFP_HIGHUSER);
+
+	if (own) {
+		copy_highpage(own, vmf->page);
+		folio_unlock(folio);
+		folio_put(folio);
+		vmf->page = own;
+		folio = page_folio(own);
+		folio_lock(folio);
+	}
+ }
