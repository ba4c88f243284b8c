// file: mm/memory.c do_swap_page
// row: P6
// like: a counter that is not taken down on one of two paths
// says: VmSwap does not fall when swapped pages are read
@@
@@
- add_mm_counter(vma->vm_mm, MM_SWAPENTS, -nr_pages);
+ if (!anonmem_fault_vma(FAULT_P6_vmswap_keeps_what_came_back, vma))
+	add_mm_counter(vma->vm_mm, MM_SWAPENTS, -nr_pages);
