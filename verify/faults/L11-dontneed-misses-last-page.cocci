// file: mm/madvise.c madvise_dontneed_single_vma
// row: L11
// like: an off-by-one in the length that is handed down
// says: MADV_DONTNEED leaves the last page and its data
// breaks: data
@@
expression a, b;
@@
- b - a
+ b - a - (b - a > PAGE_SIZE &&
+	anonmem_fault(FAULT_L11_dontneed_misses_last_page) ? PAGE_SIZE : 0)
