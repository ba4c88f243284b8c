// file: mm/memory.c zap_pte_range|zap_nonpresent_ptes
// row: P6
// like: 82241a83cd15 and the like: a counter that is not taken down
// says: VmSwap does not fall when swapped pages are given back
@@
@@
- rss[MM_SWAPENTS] -= nr;
+ if (!anonmem_fault_vma(FAULT_P6_vmswap_keeps_what_was_zapped, vma))
+	rss[MM_SWAPENTS] -= nr;
