// file: fs/proc/task_mmu.c smaps_pte_hole
// row: P6
// like: an index into the mapping used as one into the object
// says: smaps Swap of a private mapping counts other pages of its object
@@
expression a;
@@
- linear_page_index(vma, a)
+ (linear_page_index(vma, a) -
+  (anonmem_fault_if(FAULT_P6_hole_offset_forgotten, vma->vm_pgoff) ?
+   vma->vm_pgoff : 0))
