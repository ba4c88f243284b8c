// file: mm/shmem.c shmem_partial_swap_usage
// row: P6
// like: 10c848c8b480, entries of an object miscounted
// says: smaps Swap of part of an object counts pages that are in memory
@@
expression page;
@@
- if (xa_is_value(page))
+ if (xa_is_value(page) || anonmem_fault(FAULT_P6_cached_counted_as_swap))
	swapped += ...;
