// file: fs/proc/task_mmu.c smaps_pte_entry
// row: L20
// like: the zero page counted by one of two sums
// says: smaps Private_Clean counts zero pages and Rss does not
@@
@@
 page = vm_normal_page(vma, addr, ptent);
+ if (!page && anonmem_fault_if(FAULT_L20_zero_page_in_private_clean,
+				 is_zero_pfn(pte_pfn(ptent))))
+	mss->private_clean += PAGE_SIZE;
