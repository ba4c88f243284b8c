// file: mm/memory.c alloc_anon_folio
// row: L19
// like: the orders below PMD_ORDER masked out
// says: with an mTHP size enabled a touch costs a base page all the same
@@
@@
 orders = thp_vma_suitable_orders(...);
+ if (anonmem_fault_if(FAULT_L19_mthp_sizes_ignored,
+		       orders && anonmem_own_vma(vma)))
+	orders = 0;
