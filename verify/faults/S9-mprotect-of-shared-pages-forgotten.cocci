// file: mm/mprotect.c change_pte_range|change_present_ptes
// row: S9
// like: the pages of a file left to writenotify, which shared memory has not
// says: a store through a mapping that mprotect made read-only succeeds
// breaks: data
@@
expression e;
@@
- ptent = pte_modify(oldpte, e);
+ ptent = pte_modify(oldpte, e);
+ if (pte_write(oldpte) && vma->vm_flags & VM_READ &&
+     anonmem_fault_if(FAULT_S9_mprotect_of_shared_pages_forgotten,
+		       vma->vm_flags & VM_SHARED && anonmem_own_vma(vma)))
+	ptent = pte_mkwrite(ptent, vma);
