// file: mm/gup.c check_vma_flags
// row: C11
// like: FOLL_FORCE dropped on the way to what is checked
// says: a forced write to read-only private memory is refused, though reading is not
@@
@@
- !is_cow_mapping(vm_flags)
+ !is_cow_mapping(vm_flags) ||
+ anonmem_fault_vma(FAULT_C11_forced_write_refused, vma)
