// file: mm/memory.c __wp_page_copy_user
// row: C2
// like: a copy_page() that is one cache line short
// says: the child's copy of a page differs from the original in its last bytes
// breaks: data
@@
@@
 if (copy_mc_user_highpage(dst, src, addr, vma))
	return -EHWPOISON;
+ if (anonmem_fault_vma(FAULT_C2_copy_loses_tail, vma))
+	memset(page_address(dst) + PAGE_SIZE - 64, 0, 64);
