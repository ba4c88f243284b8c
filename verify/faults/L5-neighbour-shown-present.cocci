// file: fs/proc/task_mmu.c pte_to_pagemap_entry
// row: L5
// like: an empty entry in an existing page table taken for something
// says: pagemap calls the untouched neighbours of a touched page swapped
@@
@@
+ if (pte_none(pte) &&
+     anonmem_fault_vma(FAULT_L5_neighbour_shown_present, vma))
+	flags |= PM_SWAP;
 if (vma->vm_flags & VM_SOFTDIRTY)
	flags |= PM_SOFT_DIRTY;
