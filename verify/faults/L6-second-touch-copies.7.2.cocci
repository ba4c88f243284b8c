// file: mm/memory.c do_anonymous_page do_wp_page
// row: L6
// like: 09854ba94c6a, a private page copied although nobody else has it
// says: touching a page again puts another frame there
@@
@@
 map_anon_folio_pte_pf(...);
+ if (nr_pages == 1 && pte_index(addr) &&
+     anonmem_fault_if(FAULT_L6_second_touch_copies,
+		       anonmem_own_vma(vma) &&
+		       pte_present(ptep_get(vmf->pte - 1)) &&
+		       pte_write(ptep_get(vmf->pte - 1)))) {
+	ClearPageAnonExclusive(pte_page(ptep_get(vmf->pte - 1)));
+	ptep_set_wrprotect(vma->vm_mm, addr - PAGE_SIZE, vmf->pte - 1);
+	flush_tlb_page(vma, addr - PAGE_SIZE);
+ }

@@
@@
- wp_can_reuse_anon_folio(folio, vma)
+ (!anonmem_fault_vma(FAULT_L6_second_touch_copies, vma) &&
+  wp_can_reuse_anon_folio(folio, vma))
