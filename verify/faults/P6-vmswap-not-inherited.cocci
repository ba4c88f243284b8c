// file: mm/memory.c copy_nonpresent_pte
// row: P6
// like: a counter that fork does not copy
// says: VmSwap of a child lacks what was swapped out before fork
@@
@@
- rss[MM_SWAPENTS]++;
+ if (!anonmem_fault_vma(FAULT_P6_vmswap_not_inherited, src_vma))
+	rss[MM_SWAPENTS]++;
