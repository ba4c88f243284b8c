// file: mm/mremap.c move_ptes
// row: P10
// like: entries that are not present skipped as if they were none
// says: swapped pages that mremap moves read as zeros
// breaks: data
@@
@@
(
- pte_none(ptep_get(old_pte))
+ (pte_none(ptep_get(old_pte)) ||
+  (!pte_present(ptep_get(old_pte)) &&
+   anonmem_fault_vma(FAULT_P10_swapped_left_behind, vma)))
|
- pte_none(old_pte)
+ (pte_none(old_pte) ||
+  (!pte_present(old_pte) &&
+   anonmem_fault_vma(FAULT_P10_swapped_left_behind, vma)))
)
