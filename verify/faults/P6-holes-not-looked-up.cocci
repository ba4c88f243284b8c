// file: fs/proc/task_mmu.c smaps_pte_entry
// row: P6
// like: 02399c88024f, holes in an existing page table forgotten
// says: smaps Swap of a private mapping does not count swapped pages of its object
@@
@@
- smaps_pte_hole_lookup(addr, walk);
+ if (!anonmem_fault_if(FAULT_P6_holes_not_looked_up, walk->ops->pte_hole))
+	smaps_pte_hole_lookup(addr, walk);
