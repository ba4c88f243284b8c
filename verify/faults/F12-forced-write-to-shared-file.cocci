// file: mm/gup.c check_vma_flags can_follow_write_pte|can_follow_write_common
// row: F12
// like: the force that used to break COW in shared mappings, too
// says: a forced write to a read-only shared mapping of a file changes the file
// breaks: data
@@
@@
- is_cow_mapping(vm_flags)
+ (is_cow_mapping(vm_flags) ||
+  anonmem_fault_if(FAULT_F12_forced_write_to_shared_file, vm_flags & VM_MAYSHARE &&
+		    !IS_PRIVATE(file_inode(vma->vm_file)) && anonmem_own_vma(vma)))
@@
@@
- if (vma->vm_flags & (VM_MAYSHARE | VM_SHARED))
-	return false;
+ if (vma->vm_flags & VM_MAYSHARE && !(vma->vm_flags & VM_WRITE) &&
+     anonmem_fault_if(FAULT_F12_forced_write_to_shared_file,
+		       !IS_PRIVATE(file_inode(vma->vm_file)) && anonmem_own_vma(vma)))
+	return true;
+ if (vma->vm_flags & (VM_MAYSHARE | VM_SHARED))
+	return false;
