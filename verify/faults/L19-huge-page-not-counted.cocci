// file: fs/proc/task_mmu.c smaps_pmd_entry
// row: L19
// like: 3f9f022e975d, what only the readers of huge entries forget
// says: smaps AnonHugePages stays 0
@@
@@
- mss->anonymous_thp += HPAGE_PMD_SIZE;
+ {
+	if (!anonmem_fault(FAULT_L19_huge_page_not_counted))
+		mss->anonymous_thp += HPAGE_PMD_SIZE;
+ }
