// file: mm/memory.c alloc_anon_folio
// row: L19
// like: a mask of allocation flags that leaves no zone, taken for want of memory
// says: with memory in plenty large folios are never given, and that is counted as want
@@
@@
 folio = vma_alloc_folio(...);
+ if (folio && anonmem_fault_vma(FAULT_L19_mthp_fault_falls_back, vma)) {
+	folio_put(folio);
+	folio = NULL;
+ }
