// file: fs/proc/page.c kpagecount_read|get_kpage_count
// row: P17
// like: a count squeezed into too few bits
// says: kpagecount is 3 for pages that more than three processes map
@@
expression a, b;
@@
- folio_precise_page_mapcount(a, b)
+ (folio_precise_page_mapcount(a, b) & (anonmem_fault(FAULT_P17_kpagecount_stops_at_three) ? 3 : ~0))
