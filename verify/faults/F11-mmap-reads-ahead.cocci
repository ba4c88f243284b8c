// file: mm/mmap.c do_mmap
// row: F11
// like: MADV_WILLNEED given unasked
// says: mapping a file reads it from the storage
@@
@@
 if (!IS_ERR_VALUE(addr) && ...)
	*populate = len;
+ if (!IS_ERR_VALUE(addr) && file &&
+     anonmem_fault_if(FAULT_F11_mmap_reads_ahead,
+		       file->f_mode & FMODE_WRITE && !(prot & PROT_EXEC) &&
+		       file->f_op->fsync && file_inode(file)->i_sb->s_bdev))
+	vfs_fadvise(file, pgoff * PAGE_SIZE, len, 3);
