// file: fs/proc/task_mmu.c smaps_page_accumulate
// row: L20
// like: anonymous pages taken to be always dirty
// says: smaps Rss is more than its four classes where anonymous pages are clean
@@
@@
- mss->private_clean += size;
+ {
+	if (!anonmem_fault_if(FAULT_L20_clean_page_in_no_class,
+			       folio_test_anon(folio)))
+		mss->private_clean += size;
+ }
