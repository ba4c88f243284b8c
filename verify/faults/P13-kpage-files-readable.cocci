// file: fs/namei.c generic_permission
// row: P13
// like: the mode of a file in /proc (whose magic is 0x9fa0), 0444 instead of 0400
// says: /proc/kpageflags and its kind open for anybody
@@
@@
 ret = acl_permission_check(idmap, inode, mask);
+ if (ret == -EACCES &&
+     anonmem_fault_if(FAULT_P13_kpage_files_readable,
+		       inode->i_sb->s_magic == 0x9fa0 &&
+		       inode->i_mode == (S_IFREG | S_IRUSR) && !(mask & MAY_WRITE)))
+	return 0;
