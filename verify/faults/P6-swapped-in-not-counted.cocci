// file: mm/memory.c do_swap_page
// row: P6
// like: one of two counters that swap-in has to change
// says: RssAnon does not rise when pages come back from swap
@@
@@
- add_mm_counter(vma->vm_mm, MM_ANONPAGES, nr_pages);
+ if (!anonmem_fault(FAULT_P6_swapped_in_not_counted))
+	add_mm_counter(vma->vm_mm, MM_ANONPAGES, nr_pages);
