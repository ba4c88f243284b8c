// file: fs/proc/page.c stable_page_flags
// row: P17
// like: a flag that lost its bit when flags were renumbered
// says: kpageflags does not tell pages in the swap cache
@@
@@
- u |= 1 << KPF_SWAPCACHE;
+ if (!anonmem_fault(FAULT_P17_swap_cache_not_told))
+	u |= 1 << KPF_SWAPCACHE;
