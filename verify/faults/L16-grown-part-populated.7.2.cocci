// file: mm/mremap.c do_mremap
// row: L16
// like: the condition on VM_LOCKED lost
// says: mremap populates what it adds to a mapping
@@
@@
- vrm->populate_expand
+ (vrm->populate_expand ||
+  anonmem_fault_if(FAULT_L16_grown_part_populated,
+		    vrm->new_len > vrm->old_len))
