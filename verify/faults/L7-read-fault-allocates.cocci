// file: mm/memory.c do_anonymous_page
// row: L7
// like: mm_forbids_zeropage() answering for one architecture what another needs
// says: reading an untouched page costs a page of its own
@@
expression mm;
@@
- mm_forbids_zeropage(mm)
+ (mm_forbids_zeropage(mm) ||
+  anonmem_fault_vma(FAULT_L7_read_fault_allocates, vma))
