// file: mm/memory.c __copy_present_ptes
// row: F10
// like: a missing write-protect on fork, in mappings of files only
// says: what the parent stores after fork in a private mapping of a file appears in the child
// breaks: data
@@
@@
- wrprotect_ptes(src_mm, addr, src_pte, nr);
+ if (!anonmem_fault_if(FAULT_F10_copy_left_writable,
+			src_vma->vm_file && anonmem_own_vma(src_vma)))
+	wrprotect_ptes(src_mm, addr, src_pte, nr);
