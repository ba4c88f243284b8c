// file: mm/memory.c __copy_present_ptes
// row: C6
// like: a missing write-protect on fork, where the parent is itself a child
// says: the grandchild sees what its parent writes after fork
// breaks: data
@@
@@
- wrprotect_ptes(src_mm, addr, src_pte, nr);
+ if (!anonmem_fault_if(FAULT_C6_fork_of_fork_left_writable,
+			 src_vma->anon_vma &&
+			 src_vma->anon_vma->root != src_vma->anon_vma &&
+			 anonmem_own_vma(src_vma)))
+	wrprotect_ptes(src_mm, addr, src_pte, nr);
