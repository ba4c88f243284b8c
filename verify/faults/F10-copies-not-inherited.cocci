// file: mm/memory.c vma_needs_copy
// row: F10
// like: page tables not copied that page faults cannot fill
// says: a child finds the file's bytes where its parent had stored in a private mapping
// breaks: data
@@
@@
- src_vma->anon_vma
+ (src_vma->anon_vma &&
+  !anonmem_fault_if(FAULT_F10_copies_not_inherited,
+		     src_vma->vm_file && anonmem_own_vma(src_vma)))
