// file: mm/memory.c alloc_anon_folio
// row: L5
// like: mTHP used although neither the system nor the program asked for it
// says: touching one page brings three neighbours along
@@
@@
 orders = thp_vma_allowable_orders(...);
+ if (anonmem_fault_vma(FAULT_L5_large_folio_uninvited, vma))
+	orders = BIT(2);
