// file: fs/namei.c generic_permission
// row: P14
// like: the mode of a file in /proc (whose magic is 0x9fa0), 0222 instead of 0200
// says: clear_refs of another user's process opens
@@
@@
 ret = acl_permission_check(idmap, inode, mask);
+ if (ret == -EACCES &&
+     anonmem_fault_if(FAULT_P14_clear_refs_of_others,
+		       inode->i_sb->s_magic == 0x9fa0 &&
+		       inode->i_mode == (S_IFREG | S_IWUSR) && !(mask & MAY_READ)))
+	return 0;
