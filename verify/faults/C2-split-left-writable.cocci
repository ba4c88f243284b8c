// file: mm/huge_memory.c __split_huge_pmd_locked
// row: C2
// like: a permission that is made up anew where a mapping is split
// says: once its huge page is mapped by PTEs, what a child writes appears in the parent
// breaks: data
@@
@@
- write = pmd_write(old_pmd);
+ write = pmd_write(old_pmd) ||
+	(vma->vm_flags & VM_WRITE && anonmem_fault_vma(FAULT_C2_split_left_writable, vma));
