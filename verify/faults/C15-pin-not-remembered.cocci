// file: mm/gup.c mm_set_has_pinned_flag
// row: C15
// like: 70e806e4e645 undone: fork does not know that there are pinned pages
// says: a buffer under direct I/O is copied away from it by fork and a write
// breaks: data
@@
expression f, m;
@@
(
- set_bit(MMF_HAS_PINNED, f);
+ if (!anonmem_fault(FAULT_C15_pin_not_remembered))
+	set_bit(MMF_HAS_PINNED, f);
|
- mm_flags_set(MMF_HAS_PINNED, m);
+ if (!anonmem_fault(FAULT_C15_pin_not_remembered))
+	mm_flags_set(MMF_HAS_PINNED, m);
)
