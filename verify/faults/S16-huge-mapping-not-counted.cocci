// file: fs/proc/task_mmu.c smaps_pmd_entry
// row: S16
// like: huge pages of shared memory told in AnonHugePages or not at all
// says: smaps ShmemPmdMapped stays 0
@@
@@
- mss->shmem_thp += HPAGE_PMD_SIZE;
+ if (!anonmem_fault(FAULT_S16_huge_mapping_not_counted))
+	mss->shmem_thp += HPAGE_PMD_SIZE;
