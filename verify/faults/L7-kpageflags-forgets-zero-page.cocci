// file: fs/proc/page.c stable_page_flags
// row: L7
// like: the zero page losing what a reader knew it by when folios changed
// says: kpageflags does not have ZERO_PAGE for the frame of an untouched page
@@
@@
- u |= 1 << KPF_ZERO_PAGE;
+ if (!anonmem_fault(FAULT_L7_kpageflags_forgets_zero_page))
+	u |= 1 << KPF_ZERO_PAGE;
