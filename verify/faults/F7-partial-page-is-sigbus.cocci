// file: mm/filemap.c filemap_fault
// row: F7
// like: a size that is rounded down to pages
// says: the last page of a file is SIGBUS unless the file ends with it
// breaks: data
@@
@@
- index >= max_idx
+ (index >= max_idx ||
+  anonmem_fault_if(FAULT_F7_partial_page_is_sigbus,
+		    index >= i_size_read(inode) >> PAGE_SHIFT &&
+		    anonmem_own_vma(vmf->vma)))
