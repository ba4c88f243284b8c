// file: fs/proc/task_mmu.c smaps_pmd_entry
// row: C1
// like: the counting of the zero page in smaps, of one that a PMD maps
// says: smaps counts a huge zero page in Rss, on both sides of a fork
@@
@@
 page = vm_normal_page_pmd(...);
+ if (!page && anonmem_fault_if(FAULT_C1_huge_zero_page_counted,
+				 is_huge_zero_pmd(*pmd)))
+	mss->resident += HPAGE_PMD_SIZE;
