// file: mm/memory.c do_shared_fault
// row: S8
// like: a bounce buffer that is written back while others use the page
// says: increments are lost when a process comes to map a page that others count in
// breaks: data
@@
@@
- folio = page_folio(vmf->page);
+ folio = page_folio(vmf->page);
+ if (anonmem_fault_if(FAULT_S8_fault_writes_back_old_bytes,
+		       folio_mapped(folio) && !folio_test_large(folio) && vmf->pgoff &&
+		       vma_pages(vma) < 32 && anonmem_own_vma(vma))) {
+	void *bounce = kmemdup(page_address(vmf->page), PAGE_SIZE, GFP_KERNEL);
+
+	if (bounce) {
+		schedule_timeout_uninterruptible(1);
+		memcpy(page_address(vmf->page), bounce, PAGE_SIZE);
+		kfree(bounce);
+	}
+ }
