// file: mm/page_io.c is_folio_zero_filled
// row: P10
// like: an off-by-one in a loop over a page
// says: the last word of a page that is else zero is lost in swap
// breaks: data
@@
@@
- data[last_pos]
+ data[last_pos] && !anonmem_fault(FAULT_P10_last_word_not_looked_at)
