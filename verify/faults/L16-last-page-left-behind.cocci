// file: mm/mremap.c move_ptes
// row: L16
// like: an off-by-one at the end of the range that moves
// says: mremap loses the last page of the mapping
// breaks: data
@@
@@
(
- pte_none(ptep_get(old_pte))
+ (pte_none(ptep_get(old_pte)) ||
+  anonmem_fault_if(FAULT_L16_last_page_left_behind,
+		    old_addr + PAGE_SIZE == vma->vm_end && anonmem_own_vma(vma)))
|
- pte_none(old_pte)
+ (pte_none(old_pte) ||
+  anonmem_fault_if(FAULT_L16_last_page_left_behind,
+		    old_addr + PAGE_SIZE == vma->vm_end && anonmem_own_vma(vma)))
)
