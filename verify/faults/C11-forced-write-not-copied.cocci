// file: mm/gup.c can_follow_write_pte|can_follow_write_common
// row: C11
// like: CVE-2016-5195's family: a forced write that does not insist on its own copy
// says: a write through /proc/PID/mem to shared private memory shows on the other side
// breaks: data
@@
@@
- PageAnonExclusive(page)
+ (PageAnonExclusive(page) ||
+  anonmem_fault_vma(FAULT_C11_forced_write_not_copied, vma))
