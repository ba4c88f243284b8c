// file: mm/shmem.c __shmem_zero_setup
// row: S6
// like: a cache of objects whose key is too short
// says: two shared anonymous mappings of one size turn out to be the same memory
// breaks: data
@@
expression e, f;
@@
+ if (size > PAGE_SIZE) {
+	struct vma_iterator vmi;
+	struct vm_area_struct *other;
+
+	vma_iter_init(&vmi, current->mm, 0);
+	while ((other = vma_next(&vmi)) != NULL) {
+		if (!other->vm_file || file_inode(other->vm_file)->i_sb != shm_mnt->mnt_sb ||
+		    i_size_read(file_inode(other->vm_file)) != size ||
+		    !anonmem_fault_if(FAULT_S6_equal_size_is_the_same_object,
+				      IS_PRIVATE(file_inode(other->vm_file))))
+			continue;
+		return get_file(other->vm_file);
+	}
+ }
 return shmem_kernel_file_setup(e, size, f);
