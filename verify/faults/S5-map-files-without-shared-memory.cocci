// file: fs/proc/base.c map_files_get_link
// row: S5
// like: S_PRIVATE, which hides an inode from security modules, taken for more than it says
// says: the entry of shared anonymous memory in map_files does not open
@@
@@
- if (vma && vma->vm_file)
+ if (vma && vma->vm_file &&
+     !anonmem_fault_if(FAULT_S5_map_files_without_shared_memory,
+			IS_PRIVATE(file_inode(vma->vm_file))))
 {
 ...
 }
