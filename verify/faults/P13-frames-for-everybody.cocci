// file: fs/proc/task_mmu.c pagemap_read
// row: P13
// like: ab676b7d6fbf, before it
// says: pagemap shows frames and slots to anybody
@@
expression list el;
@@
- file_ns_capable(el)
+ (file_ns_capable(el) || anonmem_fault(FAULT_P13_frames_for_everybody))
