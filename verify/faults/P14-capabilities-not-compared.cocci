// file: security/commoncap.c cap_ptrace_access_check
// row: P14
// like: who may do more than the reader taken for an equal
// says: a process looks into one of the same user that has capabilities
@@
expression list el;
@@
- cap_issubset(el)
+ (cap_issubset(el) || anonmem_fault(FAULT_P14_capabilities_not_compared))
