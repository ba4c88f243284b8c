// file: mm/memory.c handle_pte_fault
// row: C4
// like: a batch of pages copied where one was written
// says: a write after fork splits the next page as well
@@
@@
- return do_wp_page(vmf);
+ {
+	unsigned long address = vmf->address + PAGE_SIZE;
+	struct vm_fault next = {
+		.vma = vmf->vma,
+		.address = address,
+		.real_address = vmf->real_address,
+		.flags = vmf->flags,
+		.pgoff = vmf->pgoff + 1,
+		.gfp_mask = vmf->gfp_mask,
+		.pud = vmf->pud,
+		.pmd = vmf->pmd,
+	};
+	vm_fault_t ret = do_wp_page(vmf);
+
+	if (!ret && vmf->real_address - vmf->address < PAGE_SIZE &&
+	    address < next.vma->vm_end && address & ~PMD_MASK &&
+	    anonmem_fault_vma(FAULT_C4_neighbour_splits_too, next.vma)) {
+		pte_t *pte = pte_offset_map(next.pmd, address);
+		bool shared = pte && pte_present(ptep_get(pte));
+
+		if (pte)
+			pte_unmap(pte);
+		if (shared)
+			handle_pte_fault(&next);
+	}
+	return ret;
+ }
