// file: kernel/fork.c dup_mmap
// row: S2
// like: one flag too many in the mask of those that fork takes from a mapping
// says: what a child stores in shared memory after fork stays in the child
// breaks: data
@@
@@
 vm_flags_clear(tmp, VM_LOCKED_MASK);
+ if (anonmem_fault_if(FAULT_S2_fork_makes_it_private,
+		       tmp->vm_flags & VM_SHARED && vma_pages(tmp) > 1 &&
+		       anonmem_own_vma(mpnt) && IS_PRIVATE(file_inode(tmp->vm_file)))) {
+	vm_flags_clear(tmp, VM_SHARED | VM_MAYSHARE);
+	vma_set_page_prot(tmp);
+ }
