// file: mm/memory.c __access_remote_vm
// row: C13
// like: 17839856fd58, copying on reads to be on the safe side
// says: reading memory through /proc/PID/mem splits what fork shares
@@
expression a, b, c;
@@
- get_user_page_vma_remote(a, b, gup_flags, c)
+ get_user_page_vma_remote(a, b,
+	anonmem_fault_if(FAULT_C13_remote_read_splits,
+			 anonmem_own_vma(vma_lookup(mm, addr))) ?
+	gup_flags | FOLL_WRITE : gup_flags, c)
