// file: mm/memory.c do_swap_page
// row: C10
// like: the exclusive mark of a swap entry not taken away on fork
// says: after fork a write to a page that was swapped out is seen by both sides
// breaks: data
@@
@@
+ if (!(rmap_flags & RMAP_EXCLUSIVE) && vma->vm_flags & VM_WRITE &&
+     anonmem_fault_if(FAULT_C10_shared_swap_in_writable,
+		       !folio_test_ksm(folio) && anonmem_own_vma(vma))) {
+	pte = pte_mkwrite(pte_mkdirty(pte), vma);
+	vmf->flags &= ~FAULT_FLAG_WRITE;
+ }
 folio_ref_add(folio, nr_pages - 1);
