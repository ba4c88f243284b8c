// file: mm/rmap.c try_to_unmap_one
// row: L12
// like: 6c8e2a256915, reclaim throwing away what was written after MADV_FREE
// says: data written after MADV_FREE is gone when memory gets short
// breaks: data
@@
@@
- if (pte_dirty(pteval))
+ if (pte_dirty(pteval) &&
+     !anonmem_fault_if(FAULT_L12_write_after_free_lost,
+			folio_test_anon(folio) &&
+			!folio_test_swapbacked(folio) &&
+			anonmem_own_vma(vma)))
	folio_mark_dirty(folio);
