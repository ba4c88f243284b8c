// file: fs/proc/task_mmu.c pagemap_read
// row: P13
// like: privilege of who reads taken for privilege of who opened
// says: a privileged program that reads a foreign descriptor of pagemap gives frames away
@@
expression list el;
@@
- file_ns_capable(el)
+ (file_ns_capable(el) ||
+  anonmem_fault_if(FAULT_P13_reader_decides, capable(CAP_SYS_ADMIN)))
