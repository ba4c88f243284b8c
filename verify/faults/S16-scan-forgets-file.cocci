// file: fs/proc/task_mmu.c pagemap_thp_category
// row: S16
// like: a wrong case in one of pagemap's two readers
// says: PAGEMAP_SCAN does not call a huge page of shared memory a file's
@@
@@
- categories |= PAGE_IS_FILE;
+ if (!anonmem_fault(FAULT_S16_scan_forgets_file))
+	categories |= PAGE_IS_FILE;
