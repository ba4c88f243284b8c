// file: mm/gup.c can_follow_write_pte|can_follow_write_common
// row: F12
// like: CVE-2016-5195 and CVE-2022-2590: a forced write that does not insist on a copy
// says: a write through /proc/PID/mem changes a file that one may only read
// breaks: data
@@
@@
(
- PageAnon(page)
+ (PageAnon(page) ||
+  anonmem_fault_if(FAULT_F12_forced_write_reaches_the_file,
+		    vma->vm_file && !(vma->vm_flags & (VM_EXEC | VM_WRITE))))
|
- PageAnonExclusive(page)
+ (PageAnonExclusive(page) ||
+  anonmem_fault_if(FAULT_F12_forced_write_reaches_the_file,
+		    vma->vm_file && !(vma->vm_flags & (VM_EXEC | VM_WRITE)) &&
+		    !PageAnon(page)))
)
