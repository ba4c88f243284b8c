// file: mm/hugetlb.c hugetlb_no_page
// row: F7
// like: the size of the file not looked at again after truncation
// says: a huge page that was cut off is there again as soon as it is touched
// breaks: data
@@
@@
- vmf->pgoff >= size
+ vmf->pgoff >= size && !anonmem_fault_vma(FAULT_F7_huge_page_behind_the_end, vma)
