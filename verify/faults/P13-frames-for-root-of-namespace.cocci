// file: fs/proc/task_mmu.c pagemap_read
// row: P13
// like: a capability looked for in the wrong user namespace
// says: pagemap shows frames and slots to the root of any user namespace
@@
@@
- &init_user_ns
+ anonmem_fault_if(FAULT_P13_frames_for_root_of_namespace,
+		   current_user_ns() != &init_user_ns) ?
+	current_user_ns() : &init_user_ns
