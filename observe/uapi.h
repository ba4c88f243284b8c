/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the tests use of the kernel's interface and what the headers of the
 * build machine may be too old to have.  A new enough header always wins.
 */
#ifndef ANONMEM_OBSERVE_UAPI_H
#define ANONMEM_OBSERVE_UAPI_H

#include <linux/fs.h>
#include <linux/ioctl.h>
#include <linux/kernel-page-flags.h>
#include <linux/types.h>
#include <sys/syscall.h>

/* prctl(2), Linux 6.4, admin-guide/mm/ksm.rst */
#ifndef PR_SET_MEMORY_MERGE
#define PR_SET_MEMORY_MERGE	67
#endif

/* ioctl on /proc/PID/pagemap, Linux 6.7, admin-guide/mm/pagemap.rst */
#ifndef PAGEMAP_SCAN
#define PAGEMAP_SCAN		_IOWR('f', 16, struct pm_scan_arg)

#define PAGE_IS_WPALLOWED	(1 << 0)
#define PAGE_IS_WRITTEN		(1 << 1)
#define PAGE_IS_FILE		(1 << 2)
#define PAGE_IS_PRESENT		(1 << 3)
#define PAGE_IS_SWAPPED		(1 << 4)
#define PAGE_IS_PFNZERO		(1 << 5)
#define PAGE_IS_HUGE		(1 << 6)

struct page_region {
	__u64 start;
	__u64 end;
	__u64 categories;
};

struct pm_scan_arg {
	__u64 size;
	__u64 flags;
	__u64 start;
	__u64 end;
	__u64 walk_end;
	__u64 vec;
	__u64 vec_len;
	__u64 max_pages;
	__u64 category_inverted;
	__u64 category_mask;
	__u64 category_anyof_mask;
	__u64 return_mask;
};
#endif

#ifndef PAGE_IS_SOFT_DIRTY		/* 6.8 */
#define PAGE_IS_SOFT_DIRTY	(1 << 7)
#endif
#ifndef PAGE_IS_GUARD			/* 6.15 */
#define PAGE_IS_GUARD		(1 << 8)
#endif

#ifndef MADV_COLD
#define MADV_COLD		20
#define MADV_PAGEOUT		21
#endif
#ifndef MADV_COLLAPSE
#define MADV_COLLAPSE		25
#endif
#ifndef MADV_POPULATE_READ
#define MADV_POPULATE_READ	22
#define MADV_POPULATE_WRITE	23
#endif
#ifndef MADV_GUARD_INSTALL
#define MADV_GUARD_INSTALL	102
#define MADV_GUARD_REMOVE	103
#endif

/* mseal(2), Linux 6.10; asked for where it has the same number everywhere */
#if !defined(__NR_mseal) && !defined(__alpha__) && !defined(__mips__)
#define __NR_mseal		462
#endif

/* cachestat(2), Linux 6.5; one number on all architectures but these. */
#ifndef __NR_cachestat
#if defined(__alpha__)
#define __NR_cachestat		561
#elif defined(__mips__)
#define __NR_cachestat		(__NR_Linux + 451)
#else
#define __NR_cachestat		451
#endif
#endif

#endif /* ANONMEM_OBSERVE_UAPI_H */
