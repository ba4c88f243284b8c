// file: mm/memory.c __copy_present_ptes
// row: C14
// like: a missing write-protect on fork, where other threads share the memory
// says: the child sees what other threads of the parent go on writing
// breaks: data
@@
@@
- wrprotect_ptes(src_mm, addr, src_pte, nr);
+ if (!anonmem_fault_if(FAULT_C14_threads_left_writable,
+			 atomic_read(&src_mm->mm_users) > 1 &&
+			 anonmem_own_vma(src_vma)))
+	wrprotect_ptes(src_mm, addr, src_pte, nr);
