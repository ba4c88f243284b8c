// file: mm/memory.c do_anonymous_page|map_anon_folio_pte_pf
// row: L18
// like: f1a7941243c1 and what followed: a counter missing one of its events
// says: RssAnon in status does not follow first touches
@@
expression mm, n;
@@
- add_mm_counter(mm, MM_ANONPAGES, n);
+ if (!anonmem_fault_vma(FAULT_L18_first_touch_not_counted, vma))
+	add_mm_counter(mm, MM_ANONPAGES, n);
