// file: fs/proc/task_mmu.c task_statm
// row: L18
// like: one of three counters forgotten where they are added up
// says: resident in statm is what is shared, without anonymous memory
@@
expression e;
@@
- *resident = *shared + e;
+ *resident = *shared +
+	(anonmem_fault(FAULT_L18_statm_without_anonymous) ? 0 : e);
