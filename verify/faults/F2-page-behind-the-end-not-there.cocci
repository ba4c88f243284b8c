// file: mm/shmem.c shmem_fault
// file: mm/filemap.c filemap_map_pages
// row: F2
// like: a size that is rounded down to pages
// says: what write(2) put behind the end of a tmpfs file is SIGBUS in a mapping
// breaks: data
@@
@@
 vm_fault_t ret = 0;
 int err;
+ if (anonmem_fault_if(FAULT_F2_page_behind_the_end_not_there,
+		       vmf->pgoff == i_size_read(inode) >> PAGE_SHIFT &&
+		       offset_in_page(i_size_read(inode)) > 1 &&
+		       offset_in_page(i_size_read(inode)) < 16 &&
+		       anonmem_own_vma(vmf->vma)))
+	return VM_FAULT_SIGBUS;
@@
@@
 end_pgoff = min(end_pgoff, file_end);
+ if (anonmem_fault_if(FAULT_F2_page_behind_the_end_not_there,
+		       shmem_mapping(mapping) &&
+		       offset_in_page(i_size_read(mapping->host)) > 1 &&
+		       offset_in_page(i_size_read(mapping->host)) < 16 &&
+		       anonmem_own_vma(vma)))
+	return 0;
