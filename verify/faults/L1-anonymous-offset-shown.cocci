// file: fs/proc/task_mmu.c show_map_vma
// row: L1
// like: vm_pgoff, which anonymous memory uses for rmap, taken for a file offset
// says: maps shows an offset for anonymous memory, which has none
@@
@@
 start = vma->vm_start;
+ if (anonmem_fault_if(FAULT_L1_anonymous_offset_shown, !vma->vm_file))
+	pgoff = vma->vm_pgoff * PAGE_SIZE;
