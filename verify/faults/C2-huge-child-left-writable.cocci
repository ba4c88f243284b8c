// file: mm/huge_memory.c copy_huge_pmd
// row: C2
// like: a missing write-protect on fork, in the path of huge pages only
// says: what the child writes to a huge page after fork appears in the parent
// breaks: data
@@
@@
- pmd = pmd_wrprotect(pmd);
+ if (!anonmem_fault_vma(FAULT_C2_huge_child_left_writable, src_vma))
+	pmd = pmd_wrprotect(pmd);
