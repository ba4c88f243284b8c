// file: mm/memory.c zap_present_folio_ptes
// row: L18
// like: 82241a83cd15 and the like: a counter that is not taken down
// says: RssAnon does not fall when pages are given back
@@
@@
- rss[MM_ANONPAGES] -= nr;
+ if (!anonmem_fault_vma(FAULT_L18_zapped_pages_still_counted, vma))
+	rss[MM_ANONPAGES] -= nr;
