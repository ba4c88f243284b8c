// file: fs/proc/task_mmu.c clear_soft_dirty_pmd
// row: P7
// like: the bit cleared and the write protection that brings it back forgotten
// says: a huge page does not get soft-dirty by what is written after the clearing
@@
@@
- pmd = pmd_wrprotect(pmd);
+ if (!anonmem_fault_vma(FAULT_P7_huge_page_left_writable, vma))
+	pmd = pmd_wrprotect(pmd);
