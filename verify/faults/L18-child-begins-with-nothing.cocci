// file: mm/memory.c copy_present_ptes
// row: L18
// like: VmRSS drift: a counter of the child's that fork does not take over
// says: RssAnon of a child lacks the pages that it inherited
@@
@@
- rss[MM_ANONPAGES]++;
+ if (!anonmem_fault(FAULT_L18_child_begins_with_nothing))
+	rss[MM_ANONPAGES]++;
