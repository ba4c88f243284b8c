// file: mm/mmap.c mmap_region|__mmap_region
// row: P7
// like: 6707915e030a, soft-dirty lost where VMAs merge
// says: a page is not soft-dirty whose new mapping was merged with its neighbour
@@
@@
- vm_flags_set(vma, VM_SOFTDIRTY);
+ if (!anonmem_fault_if(FAULT_P7_lost_on_merge,
+			vma->vm_end - vma->vm_start > len && anonmem_own_vma(vma)))
+	vm_flags_set(vma, VM_SOFTDIRTY);
