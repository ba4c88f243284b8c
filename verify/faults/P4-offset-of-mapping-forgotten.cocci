// file: mm/mincore.c __mincore_unmapped_range
// row: P4
// like: an index into the mapping used as one into the object
// says: mincore looks at the wrong pages where a mapping begins in the middle of an object
@@
@@
- linear_page_index(vma, addr)
+ (linear_page_index(vma, addr) -
+  (anonmem_fault_if(FAULT_P4_offset_of_mapping_forgotten, vma->vm_pgoff) ?
+   vma->vm_pgoff : 0))
