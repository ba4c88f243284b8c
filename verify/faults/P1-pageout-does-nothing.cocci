// file: mm/madvise.c madvise_pageout
// row: P1
// like: 12e423ba4eae: advice taken for what it does not apply to, and ignored without an error
// says: MADV_PAGEOUT gives 0 and leaves all pages where they are
@@
@@
 lru_add_drain();
+ if (anonmem_fault(FAULT_P1_pageout_does_nothing))
+	return 0;
