// file: fs/proc/task_mmu.c pagemap_pmd_range|pagemap_pmd_range_thp
// row: C1
// like: 2c1f057e5be6, the exclusive bit wrong on what a PMD maps
// says: pagemap goes on calling a huge page exclusive that fork has shared
@@
expression f, p;
@@
(
- folio_precise_page_mapcount(f, p) == 1
+ (folio_precise_page_mapcount(f, p) == 1 ||
+  anonmem_fault_if(FAULT_C1_huge_exclusive_bit_stale, folio_test_anon(f)))
|
- __folio_page_mapped_exclusively(f, p)
+ (__folio_page_mapped_exclusively(f, p) ||
+  anonmem_fault_if(FAULT_C1_huge_exclusive_bit_stale, folio_test_anon(f)))
)
