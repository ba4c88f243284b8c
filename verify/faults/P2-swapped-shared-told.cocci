// file: fs/proc/task_mmu.c pte_to_pagemap_entry
// row: P2
// like: the patches that had pagemap look into the object, and changed what it says
// says: pagemap shows swapped pages of shared memory as swapped
@@
@@
+ if (pte_none(pte) && vma->vm_file &&
+     anonmem_fault_if(FAULT_P2_swapped_shared_told,
+		       shmem_mapping(vma->vm_file->f_mapping) &&
+		       shmem_partial_swap_usage(vma->vm_file->f_mapping,
+						linear_page_index(vma, addr),
+						linear_page_index(vma, addr) + 1)))
+	flags |= PM_SWAP;
 if (vma->vm_flags & VM_SOFTDIRTY)
	flags |= PM_SOFT_DIRTY;
