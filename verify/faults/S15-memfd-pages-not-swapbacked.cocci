// file: mm/shmem.c shmem_alloc_and_add_folio
// row: S15
// like: a flag set for one of the kinds of shared memory only
// says: pages of a memfd are a file's and not shared memory in every account
@@
@@
- __folio_set_swapbacked(folio);
+ if (!anonmem_fault_if(FAULT_S15_memfd_pages_not_swapbacked,
+			!IS_PRIVATE(inode) && !inode->i_nlink &&
+			inode->i_sb->s_flags & SB_KERNMOUNT && vmf &&
+			anonmem_own_vma(vmf->vma)))
+	__folio_set_swapbacked(folio);
