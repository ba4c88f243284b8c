// file: fs/ext4/page-io.c ext4_bio_write_folio
// row: F3
// like: the end of a range taken for the last page
// says: the last page of what was synced is not on the storage
// breaks: data
@@
@@
- nr_to_submit++;
+ if (anonmem_fault_if(FAULT_F3_last_page_not_written,
+		       S_ISREG(inode->i_mode) && folio->index &&
+		       folio_next_index(folio) ==
+		       DIV_ROUND_UP(i_size_read(inode), PAGE_SIZE))) {
+	clear_buffer_async_write(bh);
+	continue;
+ }
+ nr_to_submit++;
