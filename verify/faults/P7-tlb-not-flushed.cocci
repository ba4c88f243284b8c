// file: fs/proc/task_mmu.c clear_refs_write
// row: P7
// like: clear_refs that put its TLB flush off for ever (2021)
// says: what a thread goes on writing while clear_refs runs is not soft-dirty
// unseen: a race, lost now and then where the host has less than two CPUs to spare
@@
@@
- flush_tlb_mm(mm);
+ if (anonmem_fault(FAULT_P7_tlb_not_flushed))
+	anonmem_flush_tlb_spared(mm);
+ else
+	flush_tlb_mm(mm);
