// file: fs/proc/task_mmu.c pagemap_scan_is_interesting_page
// row: P9
// like: an argument that is forgotten
// says: PAGEMAP_SCAN does not invert what it is asked to
@@
@@
- categories ^= p->arg.category_inverted;
+ if (!anonmem_fault_if(FAULT_P9_inverted_ignored, p->arg.category_inverted))
+	categories ^= p->arg.category_inverted;
