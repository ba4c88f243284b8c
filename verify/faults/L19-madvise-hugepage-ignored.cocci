// file: mm/huge_memory.c do_huge_pmd_anonymous_page
// row: L19
// like: a suitability test that is never true for what it is to be true for
// says: a touch in a MADV_HUGEPAGE range costs a base page only
@@
expression a, b, c;
@@
- !thp_vma_suitable_order(a, b, c)
+ (!thp_vma_suitable_order(a, b, c) ||
+  anonmem_fault_if(FAULT_L19_madvise_hugepage_ignored,
+		    vma->vm_flags & VM_HUGEPAGE))
