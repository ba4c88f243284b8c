// file: mm/mprotect.c do_mprotect_pkey
// row: F6
// like: VM_MAYWRITE not asked for
// says: mprotect makes a shared mapping of a file open for reading writable
// breaks: data
@@
@@
- if ((newflags & ~(newflags >> 4)) & VM_ACCESS_FLAGS)
+ if ((newflags & ~(newflags >> 4)) & VM_ACCESS_FLAGS &&
+     !anonmem_fault_if(FAULT_F6_mprotect_makes_it_writable,
+			vma->vm_flags & VM_MAYSHARE && vma->vm_file &&
+			!(vma->vm_flags & VM_EXEC) && !(prot & PROT_EXEC)))
 {
 ...
 }
