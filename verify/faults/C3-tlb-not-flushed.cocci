// file: kernel/fork.c dup_mmap
// row: C3
// like: a TLB flush skipped for processes with a single thread
// says: the child sees what the parent writes right after fork
// breaks: data
// unseen: a race, lost now and then where the host has less than two CPUs to spare
@@
@@
- flush_tlb_mm(oldmm);
+ if (anonmem_fault_if(FAULT_C3_tlb_not_flushed,
+		       atomic_read(&oldmm->mm_users) == 1))
+	anonmem_flush_tlb_spared(oldmm);
+ else
+	flush_tlb_mm(oldmm);
