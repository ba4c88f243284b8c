// file: fs/proc/page.c stable_page_flags
// row: P17
// like: a type kept in two bits, looked at one by one
// says: kpageflags does not show anonymous pages as anonymous
@@
@@
- u |= 1 << KPF_ANON;
+ if (!anonmem_fault(FAULT_P17_anon_told_as_ksm))
+	u |= 1 << KPF_ANON;
