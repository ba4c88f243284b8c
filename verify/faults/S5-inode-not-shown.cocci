// file: fs/proc/task_mmu.c show_map_vma
// row: S5
// like: S_PRIVATE, which hides an inode from security modules, taken for more than it says
// says: maps shows shared anonymous memory without an inode
@@
@@
- ino = inode->i_ino;
+ ino = anonmem_fault_if(FAULT_S5_inode_not_shown, IS_PRIVATE(inode)) ?
+	0 : inode->i_ino;
