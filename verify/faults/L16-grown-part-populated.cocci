// file: mm/mremap.c SYSCALL_DEFINE5(mremap
// row: L16
// like: the condition on VM_LOCKED lost
// says: mremap populates what it adds to a mapping
@@
@@
 if (locked && new_len > old_len)
	mm_populate(...);
+ else if (new_len > old_len && !offset_in_page(ret) &&
+	   anonmem_fault(FAULT_L16_grown_part_populated))
+	mm_populate(ret + old_len, new_len - old_len);
