// file: fs/proc/task_mmu.c clear_soft_dirty
// row: P7
// like: entries that are not present forgotten
// says: clear_refs leaves swapped pages soft-dirty
@@
@@
- ptent = pte_swp_clear_soft_dirty(ptent);
+ if (!anonmem_fault_vma(FAULT_P7_swapped_not_cleared, vma))
+	ptent = pte_swp_clear_soft_dirty(ptent);
