// file: fs/proc/task_mmu.c smaps_pte_entry
// row: L14
// like: PROT_NONE entries taken for entries that are not present
// says: smaps Rss falls to 0 while memory is PROT_NONE
@@
@@
 page = vm_normal_page(vma, addr, ptent);
+ if (anonmem_fault_if(FAULT_L14_prot_none_not_resident,
+		       !vma_is_accessible(vma)))
+	page = NULL;
