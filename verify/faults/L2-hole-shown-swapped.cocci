// file: fs/proc/task_mmu.c pagemap_pte_hole
// row: L2
// like: da7f31ed0f4d, bits of entries that are not present
// says: pagemap calls pages swapped that have not even a page table
@@
@@
+ if (anonmem_fault_vma(FAULT_L2_hole_shown_swapped, vma))
+	pme = make_pme(0, PM_SWAP);
 for (; addr < min(end, vma->vm_end); addr += PAGE_SIZE) {
 ...
 }
