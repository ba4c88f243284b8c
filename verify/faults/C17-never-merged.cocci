// file: mm/ksm.c cmp_and_merge_page
// row: C17
// like: a checksum that is never the same twice
// says: ksmd comes round and merges nothing
@@
expression page;
@@
 checksum = calc_checksum(page);
+ if (anonmem_fault_mm(FAULT_C17_never_merged, rmap_item->mm))
+	checksum = ~rmap_item->oldchecksum;
