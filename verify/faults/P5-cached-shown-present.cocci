// file: fs/proc/task_mmu.c pte_to_pagemap_entry
// row: P5
// like: a reader that asks the object and not the page table
// says: pagemap shows pages present that this process does not map
@@
@@
+ if (pte_none(pte) && vma->vm_file && shmem_mapping(vma->vm_file->f_mapping) &&
+     anonmem_fault(FAULT_P5_cached_shown_present)) {
+	void *entry = xa_load(&vma->vm_file->f_mapping->i_pages,
+			      linear_page_index(vma, addr));
+
+	if (entry && !xa_is_value(entry))
+		flags |= PM_PRESENT | PM_FILE;
+ }
 if (vma->vm_flags & VM_SOFTDIRTY)
	flags |= PM_SOFT_DIRTY;
