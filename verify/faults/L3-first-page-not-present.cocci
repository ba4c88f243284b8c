// file: fs/proc/task_mmu.c pte_to_pagemap_entry
// row: L3
// like: "addr > vm_start" where ">=" was meant
// says: pagemap never shows the first page of a mapping present
@@
@@
- flags |= PM_PRESENT;
+ if (!anonmem_fault_if(FAULT_L3_first_page_not_present,
+			 addr == vma->vm_start && !vma->vm_file))
+	flags |= PM_PRESENT;
