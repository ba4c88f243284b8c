// file: mm/mmap.c dup_mmap
// row: C14
// like: a TLB flush that reaches the CPU of the caller only
// says: the child sees what other threads of the parent go on writing
// breaks: data
// unseen: a race, lost now and then where the host has less than two CPUs to spare
@@
@@
- flush_tlb_mm(oldmm);
+ if (anonmem_fault_if(FAULT_C14_tlb_not_flushed,
+		       atomic_read(&oldmm->mm_users) > 1))
+	anonmem_flush_tlb_spared(oldmm);
+ else
+	flush_tlb_mm(oldmm);
