// file: mm/shmem.c shmem_fault
// row: S1
// like: the zero page that shmem once mapped where a hole was read, without its way back
// says: who reads shared memory before it is written never sees what is stored later
// breaks: data
@@
@@
 vm_fault_t ret = 0;
 int err;
+ if (anonmem_fault_if(FAULT_S1_hole_read_maps_a_page_of_nobody,
+		       !(vmf->flags & FAULT_FLAG_WRITE) && vmf->pgoff &&
+		       vmf->vma->vm_flags & VM_SHARED &&
+		       anonmem_own_vma(vmf->vma) &&
+		       !xa_load(&inode->i_mapping->i_pages, vmf->pgoff))) {
+	vmf->page = alloc_page(GFP_HIGHUSER | __GFP_ZERO);
+	return vmf->page ? 0 : VM_FAULT_OOM;
+ }
