// file: fs/proc/page.c kpageflags_read|kpage_read
// row: P17
// like: max_pfn left zero by an architecture (loongson64)
// says: kpageflags opens for root, and reading it gives 0 bytes
@@
identifier src;
expression max;
@@
- src >= max * KPMSIZE
+ src >= max * KPMSIZE ||
+ anonmem_fault(FAULT_P17_kpageflags_reads_nothing)
