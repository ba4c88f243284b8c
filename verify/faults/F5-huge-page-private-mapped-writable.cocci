// file: mm/hugetlb.c hugetlb_no_page
// row: F5
// like: VM_WRITE taken for leave to write to the page of the file
// says: a store to a private mapping of a huge page is in the file
// breaks: data
@@
@@
- vma->vm_flags & VM_SHARED
+ (vma->vm_flags & VM_SHARED ||
+  anonmem_fault_vma(FAULT_F5_huge_page_private_mapped_writable, vma))
