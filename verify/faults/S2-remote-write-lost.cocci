// file: mm/memory.c __access_remote_vm
// row: S2
// like: a store through an alias of the page that nobody else comes to see
// says: what is written to shared memory through /proc/PID/mem is not there
// breaks: data
@@
expression a, b, c, d, e, f;
@@
- copy_to_user_page(a, b, c, d, e, f);
+ if (!anonmem_fault_if(FAULT_S2_remote_write_lost,
+			vma->vm_flags & VM_SHARED && anonmem_own_vma(vma)))
+	copy_to_user_page(a, b, c, d, e, f);
