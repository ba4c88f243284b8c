// file: fs/proc/page.c stable_page_flags
// row: S4
// like: "swap-backed" taken for "anonymous"
// says: kpageflags has ANON for a page of shared memory
@@
@@
- if (is_anon)
+ if (is_anon ||
+     anonmem_fault_if(FAULT_S4_kpageflags_anonymous, mapping && k & (1UL << PG_swapbacked)))
 {
 ...
 }
