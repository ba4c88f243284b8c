// file: mm/memory.c do_wp_page
// row: F5
// like: a page reused that is not the process's own
// says: a store through a private mapping changes the file once the page was read
// breaks: data
@@
@@
- vma->vm_flags & (VM_SHARED | VM_MAYSHARE)
+ (vma->vm_flags & (VM_SHARED | VM_MAYSHARE) ||
+  anonmem_fault_if(FAULT_F5_store_after_read_reaches_the_file,
+		    !unshare && folio && !folio_test_anon(folio) &&
+		    vma->vm_file && vma->vm_flags & VM_WRITE && anonmem_own_vma(vma)))
