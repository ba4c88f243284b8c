// file: mm/mlock.c do_mlock
// row: L10
// like: mlock() behaving as mlock2(MLOCK_ONFAULT)
// says: mlock returns success and nothing is resident
@@
expression s, l;
@@
- __mm_populate(s, l, 0)
+ (anonmem_fault(FAULT_L10_mlock_does_not_populate) ? 0 :
+  __mm_populate(s, l, 0))
