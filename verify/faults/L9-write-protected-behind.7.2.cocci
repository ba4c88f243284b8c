// file: mm/memory.c do_anonymous_page
// row: L9
// like: write permission lost by a batch that reaches one entry too far back
// says: touching a page again faults again when its neighbour was touched since
@@
@@
 map_anon_folio_pte_pf(...);
+ if (nr_pages == 1 && pte_index(addr) &&
+     anonmem_fault_if(FAULT_L9_write_protected_behind,
+		       anonmem_own_vma(vma) &&
+		       pte_present(ptep_get(vmf->pte - 1)) &&
+		       pte_write(ptep_get(vmf->pte - 1)))) {
+	ptep_set_wrprotect(vma->vm_mm, addr - PAGE_SIZE, vmf->pte - 1);
+	flush_tlb_page(vma, addr - PAGE_SIZE);
+ }
