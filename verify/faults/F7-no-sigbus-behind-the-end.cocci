// file: mm/shmem.c shmem_get_folio_gfp
// row: F7
// like: the check of the size lost on the way to the page
// says: memory behind the end of a tmpfs file can be used
// breaks: data
@@
expression e;
@@
- e >= i_size_read(inode)
+ (e >= i_size_read(inode) &&
+  !(vma && anonmem_fault_vma(FAULT_F7_no_sigbus_behind_the_end, vma)))
