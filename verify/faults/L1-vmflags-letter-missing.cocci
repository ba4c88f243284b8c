// file: fs/proc/task_mmu.c show_smap_vma_flags
// row: L1
// like: a flag whose two letters were forgotten when the flags were renumbered
// says: VmFlags of a private anonymous mapping does not have "ac"
@@
expression e;
@@
- if (e & (1UL << i))
+ if (e & (1UL << i) &&
+     !anonmem_fault_if(FAULT_L1_vmflags_letter_missing,
+			BIT(i) == VM_ACCOUNT && !vma->vm_file))
	seq_printf(...);
