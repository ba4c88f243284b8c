// file: mm/madvise.c madvise_dontneed_single_vma
// row: S10
// like: MADV_DONTNEED doing what MADV_REMOVE does
// says: MADV_DONTNEED of shared memory loses the data for everybody
// breaks: data
@@
@@
- return 0;
+ if (anonmem_fault_if(FAULT_S10_dontneed_drops_the_data,
+		       vma->vm_flags & VM_SHARED && anonmem_own_vma(vma) &&
+		       shmem_mapping(vma->vm_file->f_mapping)))
+	shmem_truncate_range(file_inode(vma->vm_file),
+			     linear_page_index(vma, start) * PAGE_SIZE,
+			     linear_page_index(vma, end) * PAGE_SIZE - 1);
+ return 0;
