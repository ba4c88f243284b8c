// file: fs/proc/task_mmu.c pte_to_pagemap_entry
// row: C1
// like: da7f31ed0f4d, 2c1f057e5be6 and other mistakes about the exclusive bit
// says: pagemap goes on calling a page exclusive that fork has shared
@@
expression f, p;
@@
(
- folio_precise_page_mapcount(f, p) == 1
+ (folio_precise_page_mapcount(f, p) == 1 ||
+  anonmem_fault_if(FAULT_C1_exclusive_bit_stale, folio_test_anon(f)))
|
- __folio_page_mapped_exclusively(f, p)
+ (__folio_page_mapped_exclusively(f, p) ||
+  anonmem_fault_if(FAULT_C1_exclusive_bit_stale, folio_test_anon(f)))
)
