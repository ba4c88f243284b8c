// file: fs/proc/page.c stable_page_flags
// row: P17
// like: a mapcount asked of the wrong kind of page
// says: kpageflags shows shared memory as not mapped
@@
@@
- u |= 1 << KPF_MMAP;
+ if (!anonmem_fault_if(FAULT_P17_shared_not_mapped, !is_anon))
+	u |= 1 << KPF_MMAP;
