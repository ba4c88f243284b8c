// file: fs/hugetlbfs/inode.c hugetlbfs_read_iter
// row: F1
// like: the offset within a huge page cut down to one within a base page
// says: read(2) from the middle of a huge page gives what its first base page has
// breaks: data
@@
@@
- copy_folio_to_iter(folio, offset, want, to)
+ copy_folio_to_iter(folio, anonmem_fault(FAULT_F1_huge_page_tail_read_as_head) ?
+			   offset & ~PAGE_MASK : offset, want, to)
