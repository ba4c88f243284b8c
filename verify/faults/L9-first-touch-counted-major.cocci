// file: mm/memory.c mm_account_fault
// row: L9
// like: FAULT_FLAG_TRIED, which makes a fault major, set too often
// says: first touches of anonymous memory are counted as major faults
@@
@@
 major = ...;
+ if (anonmem_fault_if(FAULT_L9_first_touch_counted_major, regs && !ret))
+	major = true;
