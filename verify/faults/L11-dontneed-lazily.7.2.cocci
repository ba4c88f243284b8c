// file: mm/madvise.c madvise_dontneed_free
// row: L11
// like: MADV_DONTNEED doing what MADV_FREE does
// says: after MADV_DONTNEED the old data may still be read
// breaks: data
@@
@@
- behavior == MADV_DONTNEED
+ (behavior == MADV_DONTNEED &&
+  !anonmem_fault_if(FAULT_L11_dontneed_lazily,
+		     vma_is_anonymous(madv_behavior->vma)))
