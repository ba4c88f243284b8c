// file: fs/proc/task_mmu.c pagemap_page_category
// row: F4
// like: a category that only one of PAGEMAP_SCAN's readers knows
// says: PAGEMAP_SCAN does not call a page of the page cache FILE
@@
@@
- categories |= PAGE_IS_FILE;
+ if (!anonmem_fault_if(FAULT_F4_scan_forgets_file, vma->vm_flags & VM_WRITE))
+	categories |= PAGE_IS_FILE;
