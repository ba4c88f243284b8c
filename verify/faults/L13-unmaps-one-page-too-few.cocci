// file: mm/vma.c do_vmi_munmap
// row: L13
// like: an end that is taken for the last page
// says: unmapping the middle leaves its last page mapped
// breaks: data
@@
@@
 end = start + PAGE_ALIGN(len);
+ if (len > PAGE_SIZE &&
+     anonmem_fault_if(FAULT_L13_unmaps_one_page_too_few,
+		       anonmem_own_vma(vma_lookup(mm, end)) &&
+		       vma_lookup(mm, end)->vm_start < start))
+	end -= PAGE_SIZE;
