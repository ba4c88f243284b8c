// file: mm/mincore.c mincore_pte_range
// row: L19
// like: a walk that has no answer for what a PMD maps
// says: mincore(2) calls the pages of a huge page not resident
@@
@@
- memset(vec, 1, nr);
+ memset(vec, !anonmem_fault(FAULT_L19_huge_page_not_resident), nr);
