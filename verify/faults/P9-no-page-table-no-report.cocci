// file: fs/proc/task_mmu.c pagemap_scan_pte_hole
// row: P9
// like: ranges without a page table left out
// says: PAGEMAP_SCAN does not report pages of a mapping that has no page table yet
@@
@@
+ if (anonmem_fault_if(FAULT_P9_no_page_table_no_report, vma))
+	return 0;
 if (!vma)
	return 0;
