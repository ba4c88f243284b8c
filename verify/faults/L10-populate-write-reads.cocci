// file: mm/gup.c faultin_page_range
// row: L10
// like: FOLL_WRITE lost when the flags were put together anew
// says: MADV_POPULATE_WRITE leaves zero pages
@@
@@
- if (write)
+ if (write && !anonmem_fault(FAULT_L10_populate_write_reads))
	gup_flags |= FOLL_WRITE;
