// file: mm/gup.c check_vma_flags can_follow_write_pte|can_follow_write_common
// row: S9
// like: the force that used to break COW in shared mappings, too
// says: a write through /proc/PID/mem changes memory that is shared and read-only
// breaks: data
@@
@@
- is_cow_mapping(vm_flags)
+ (is_cow_mapping(vm_flags) ||
+  anonmem_fault_if(FAULT_S9_forced_write_allowed,
+		    vm_flags & VM_SHARED && anonmem_own_vma(vma)))
@@
@@
- if (vma->vm_flags & (VM_MAYSHARE | VM_SHARED))
-	return false;
+ if (vma->vm_flags & VM_SHARED && !(vma->vm_flags & VM_WRITE) &&
+     anonmem_fault_vma(FAULT_S9_forced_write_allowed, vma))
+	return true;
+ if (vma->vm_flags & (VM_MAYSHARE | VM_SHARED))
+	return false;
