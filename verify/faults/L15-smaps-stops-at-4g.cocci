// file: fs/proc/task_mmu.c smap_gather_stats
// row: L15
// like: a length that went through 32 bits
// says: smaps does not see pages beyond the first 4 GiB of a mapping
@@
expression ops;
@@
- walk_page_vma(vma, ops, mss);
+ if (anonmem_fault_if(FAULT_L15_smaps_stops_at_4g,
+		       vma->vm_end - vma->vm_start > SZ_4G))
+	walk_page_range(vma->vm_mm, vma->vm_start, vma->vm_start + SZ_4G,
+			ops, mss);
+ else
+	walk_page_vma(vma, ops, mss);
