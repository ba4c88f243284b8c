// file: mm/huge_memory.c copy_huge_pmd
// row: C3
// like: a missing write-protect on fork, in the path of huge pages only
// says: what the parent writes to a huge page after fork appears in the child
// breaks: data
@@
@@
- pmdp_set_wrprotect(src_mm, addr, src_pmd);
+ if (!anonmem_fault_vma(FAULT_C3_huge_parent_left_writable, src_vma))
+	pmdp_set_wrprotect(src_mm, addr, src_pmd);
