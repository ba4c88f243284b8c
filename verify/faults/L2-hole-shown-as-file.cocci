// file: fs/proc/task_mmu.c pagemap_pte_hole
// row: L2
// like: "not anonymous" concluded from there being no folio
// says: pagemap sets the file bit of pages that nobody touched
@@
@@
+ if (anonmem_fault_vma(FAULT_L2_hole_shown_as_file, vma))
+	pme = make_pme(0, PM_FILE);
 for (; addr < min(end, vma->vm_end); addr += PAGE_SIZE) {
 ...
 }
