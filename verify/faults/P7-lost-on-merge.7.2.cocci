// file: mm/vma.c __mmap_complete
// row: P7
// like: 6707915e030a, soft-dirty lost where VMAs merge
// says: a page is not soft-dirty whose new mapping was merged with its neighbour
@@
@@
- vma_set_flags(vma, VMA_SOFTDIRTY_BIT);
+ if (!anonmem_fault_if(FAULT_P7_lost_on_merge,
+			vma_pages(vma) > map->pglen && anonmem_own_vma(vma)))
+	vma_set_flags(vma, VMA_SOFTDIRTY_BIT);
