// file: mm/swapfile.c swap_show
// row: P12
// like: a unit forgotten
// says: Used of a swap area is told in pages instead of kB
@@
expression e;
@@
 inuse = K(e);
+ if (anonmem_fault_if(FAULT_P12_used_in_pages, inuse))
+	inuse >>= PAGE_SHIFT - 10;
