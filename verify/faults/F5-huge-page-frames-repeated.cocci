// file: fs/proc/task_mmu.c pagemap_hugetlb_range
// row: F5
// like: the frame of a large page given for each of its parts
// says: pagemap gives one frame for all of a page of hugetlbfs
@@
@@
- if (pm->show_pfn && (flags & PM_PRESENT))
+ if (pm->show_pfn && (flags & PM_PRESENT) &&
+     !anonmem_fault(FAULT_F5_huge_page_frames_repeated))
  frame++;
