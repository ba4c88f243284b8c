// file: mm/huge_memory.c do_huge_pmd_anonymous_page|vma_alloc_anon_folio_pmd
// row: L19
// like: a mask of allocation flags that leaves no zone, taken for want of memory
// says: with memory in plenty a fault always falls back to base pages, and is counted so
@@
@@
 folio = vma_alloc_folio(...);
+ if (folio && anonmem_fault_vma(FAULT_L19_huge_page_fault_falls_back, vma)) {
+	folio_put(folio);
+	folio = NULL;
+ }
