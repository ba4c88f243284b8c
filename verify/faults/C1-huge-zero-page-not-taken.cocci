// file: mm/huge_memory.c do_huge_pmd_anonymous_page
// row: C1
// like: use_zero_page taken for 0
// says: memory that is only read costs a huge page, on both sides of a fork
@@
@@
- transparent_hugepage_use_zero_page()
+ (transparent_hugepage_use_zero_page() &&
+  !anonmem_fault_vma(FAULT_C1_huge_zero_page_not_taken, vma))
