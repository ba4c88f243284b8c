// file: fs/proc/task_mmu.c pte_to_pagemap_entry
// row: L17
// like: the kind of a page concluded from flags of its mapping
// says: pagemap sets the file bit of pages of the stack
@@
@@
- if (!folio_test_anon(folio))
+ if (!folio_test_anon(folio) ||
+     anonmem_fault_if(FAULT_L17_stack_shown_as_file,
+		       vma->vm_flags & VM_GROWSDOWN))
	flags |= PM_FILE;
