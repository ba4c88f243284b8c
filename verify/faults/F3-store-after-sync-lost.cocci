// file: mm/rmap.c page_vma_mkclean_one
// file: mm/memory.c zap_present_folio_ptes
// row: F3
// like: a page cleaned without being made read-only, and the CPU's dirty bit forgotten
// says: what is stored after a first msync never comes to the storage
// breaks: data
@@
@@
(
- entry = pte_wrprotect(entry);
+ if (!anonmem_fault_if(FAULT_F3_store_after_sync_lost,
+			vma->vm_flags & VM_SHARED && !(vma->vm_flags & VM_EXEC)))
+	entry = pte_wrprotect(entry);
|
- if (pte_dirty(ptent))
+ if (pte_dirty(ptent) &&
+     !anonmem_fault_if(FAULT_F3_store_after_sync_lost,
+			vma->vm_ops && vma->vm_ops->page_mkwrite &&
+			anonmem_own_vma(vma)))
 {
 ...
 }
)
