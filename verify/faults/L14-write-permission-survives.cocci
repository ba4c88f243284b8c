// file: mm/mprotect.c change_pte_range|change_present_ptes
// row: L14
// like: the write bit among those that pte_modify() keeps
// says: after mprotect(PROT_READ) a page can still be written
// breaks: data
@@
expression e;
@@
- ptent = pte_modify(oldpte, e);
+ ptent = pte_modify(oldpte, e);
+ if (pte_write(oldpte) && vma->vm_flags & VM_READ &&
+     anonmem_fault_vma(FAULT_L14_write_permission_survives, vma))
+	ptent = pte_mkwrite(ptent, vma);
