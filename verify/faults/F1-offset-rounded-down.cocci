// file: mm/mmap.c do_mmap
// row: F1
// like: an offset aligned as large folios are
// says: a shared mapping shows another part of the file than it was asked for
// breaks: data
@@
expression a, b, c, d, e;
@@
- mmap_region(a, b, c, d, pgoff, e)
+ mmap_region(a, b, c, d, pgoff -
+	(anonmem_fault_if(FAULT_F1_offset_rounded_down,
+			  file && d & VM_SHARED && !(d & VM_EXEC)) ?
+	 pgoff % 8 : 0), e)
