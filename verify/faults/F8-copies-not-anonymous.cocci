// file: mm/rmap.c folio_add_new_anon_rmap __folio_remove_rmap
// row: F8
// like: copies of a file's pages left with the file where pages are counted
// says: AnonPages does not count private copies of a file's pages
@@
@@
(
- __folio_mod_stat(folio, nr, nr_pmdmapped);
+ if (!anonmem_fault_if(FAULT_F8_copies_not_anonymous,
+			vma->vm_file && !(vma->vm_flags & VM_EXEC) &&
+			vma->vm_file->f_mode & FMODE_WRITE))
+	__folio_mod_stat(folio, nr, nr_pmdmapped);
|
- __folio_mod_stat(folio, -nr, -nr_pmdmapped);
+ if (!anonmem_fault_if(FAULT_F8_copies_not_anonymous,
+			folio_test_anon(folio) && nr &&
+			vma->vm_file && !(vma->vm_flags & VM_EXEC) &&
+			vma->vm_file->f_mode & FMODE_WRITE))
+	__folio_mod_stat(folio, -nr, -nr_pmdmapped);
)
