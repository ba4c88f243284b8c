// file: mm/vma.c do_vmi_munmap
// row: L13
// like: a length that is rounded up twice
// says: unmapping the middle takes the page after it along
// breaks: data
@@
@@
 end = start + PAGE_ALIGN(len);
+ if (anonmem_fault_if(FAULT_L13_unmaps_one_page_too_many,
+		       anonmem_own_vma(vma_lookup(mm, end)) &&
+		       vma_lookup(mm, end) == vma_lookup(mm, end - 1) &&
+		       vma_lookup(mm, end)->vm_start < start))
+	end += PAGE_SIZE;
