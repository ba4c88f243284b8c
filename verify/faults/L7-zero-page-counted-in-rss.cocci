// file: fs/proc/task_mmu.c smaps_pte_entry
// row: L7
// like: the counting of the zero page that 7.x changes in smaps
// says: reading an untouched page makes smaps Rss grow
@@
@@
 page = vm_normal_page(vma, addr, ptent);
+ if (!page && anonmem_fault_if(FAULT_L7_zero_page_counted_in_rss,
+				 is_zero_pfn(pte_pfn(ptent))))
+	mss->resident += PAGE_SIZE;
