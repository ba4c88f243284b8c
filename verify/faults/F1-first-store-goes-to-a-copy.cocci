// file: mm/memory.c do_shared_fault
// row: F1
// like: copy on write where a file is shared
// says: what is stored through a shared mapping of a tmpfs file or a memfd is not in the file
// breaks: data
@@
@@
- folio = page_folio(vmf->page);
+ folio = page_folio(vmf->page);
+ if (anonmem_fault_if(FAULT_F1_first_store_goes_to_a_copy,
+		       !vma->vm_ops->page_mkwrite && !folio_test_large(folio) &&
+		       !IS_PRIVATE(file_inode(vma->vm_file)) && anonmem_own_vma(vma))) {
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
