// file: mm/gup.c __get_user_pages
// row: F12
// like: CVE-2016-5195: FOLL_WRITE dropped once the copy was made
// says: a race of forced writes and MADV_DONTNEED changes a file that one may only read
// breaks: data
// unseen: a race, lost more often than not where the host has less than two CPUs to spare
@@
@@
 ret = faultin_page(...);
+ if (!ret && gup_flags & FOLL_FORCE && gup_flags & FOLL_WRITE &&
+     anonmem_fault_if(FAULT_F12_forced_write_forgets_that_it_writes,
+		       vma->vm_file && !(vma->vm_flags & (VM_EXEC | VM_WRITE | VM_SHARED)))) {
+	gup_flags &= ~FOLL_WRITE;
+	schedule_timeout_uninterruptible(1);
+ }
