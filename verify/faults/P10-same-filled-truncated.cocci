// file: drivers/block/zram/zram_drv.c zram_read_from_zspool|read_same_filled_page
// row: P10
// like: a value that went through 32 bits
// says: pages filled with one word come back from zram with half of it
// breaks: data
@@
expression a, b, c;
@@
- zram_fill_page(a, b, c)
+ zram_fill_page(a, b, anonmem_fault(FAULT_P10_same_filled_truncated) ?
+			(c) << 32 >> 32 : (c))
