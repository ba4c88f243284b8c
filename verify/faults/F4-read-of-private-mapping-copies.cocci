// file: mm/memory.c do_fault
// row: F4
// like: every fault in a writable private mapping taken for a store
// says: reading a private mapping of a file costs an anonymous page
@@
@@
- !(vmf->flags & FAULT_FLAG_WRITE)
+ (!(vmf->flags & FAULT_FLAG_WRITE) &&
+  !(anonmem_fault_if(FAULT_F4_read_of_private_mapping_copies,
+		      vma->vm_flags & VM_WRITE && !(vma->vm_flags & VM_MAYSHARE) &&
+		      anonmem_own_vma(vma)) &&
+    (vmf->flags |= FAULT_FLAG_WRITE)))
