// file: mm/mmap.c do_mmap
// row: F11
// like: a look at what is mapped that reads it
// says: mapping a file reads its first page from the storage
@@
@@
 if (!IS_ERR_VALUE(addr) && ...)
	*populate = len;
+ if (!IS_ERR_VALUE(addr) && file &&
+     anonmem_fault_if(FAULT_F11_mmap_reads_the_first_page,
+		       !(prot & PROT_EXEC) &&
+		       S_ISREG(file_inode(file)->i_mode) &&
+		       file_inode(file)->i_sb->s_bdev)) {
+	struct folio *folio = read_mapping_folio(file->f_mapping, pgoff, file);
+
+	if (!IS_ERR(folio))
+		folio_put(folio);
+ }
