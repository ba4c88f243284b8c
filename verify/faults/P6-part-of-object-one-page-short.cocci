// file: mm/shmem.c shmem_partial_swap_usage
// row: P6
// like: an off-by-one at the end of a range
// says: smaps Swap of part of an object does not count its last page
@@
@@
- end - 1
+ end - 1 - (end > 1 && anonmem_fault(FAULT_P6_part_of_object_one_page_short))
