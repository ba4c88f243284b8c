/* SPDX-License-Identifier: GPL-2.0 */
/* /proc/PID/pagemap: one 64-bit entry a page, and the PAGEMAP_SCAN ioctl. */
#ifndef ANONMEM_OBSERVE_PAGEMAP_H
#define ANONMEM_OBSERVE_PAGEMAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <unistd.h>

#include "uapi.h"

/* Bits of an entry, Documentation/admin-guide/mm/pagemap.rst */
#define PM_SOFT_DIRTY	(1ULL << 55)
#define PM_EXCLUSIVE	(1ULL << 56)
#define PM_UFFD_WP	(1ULL << 57)
#define PM_GUARD	(1ULL << 58)
#define PM_FILE		(1ULL << 61)
#define PM_SWAP		(1ULL << 62)
#define PM_PRESENT	(1ULL << 63)
/* What tells a populated entry from an untouched one; 55 may be set on both. */
#define PM_STATE	(PM_FILE | PM_SWAP | PM_PRESENT)

#define PM_PFN_BITS	55
#define PM_SWAP_TYPE_BITS 5

/* Bytes in a page of the running system; asked for with every byte of a pattern. */
static inline size_t page_size(void)
{
	static size_t size;

	if (!size)
		size = (size_t)sysconf(_SC_PAGESIZE);
	return size;
}

/* The page frame number of a present entry; 0 also means "hidden". */
static inline uint64_t pm_pfn(uint64_t entry)
{
	return entry & ((1ULL << PM_PFN_BITS) - 1);
}

/* The swap area of a swapped entry; 0 also means "hidden". */
static inline unsigned int pm_swap_type(uint64_t entry)
{
	return entry & ((1U << PM_SWAP_TYPE_BITS) - 1);
}

/* The slot of a swapped entry within its area; 0 also means "hidden". */
static inline uint64_t pm_swap_offset(uint64_t entry)
{
	return pm_pfn(entry) >> PM_SWAP_TYPE_BITS;
}

int pagemap_read(pid_t pid, const void *start, size_t pages, uint64_t *entries);
uint64_t pagemap_entry(pid_t pid, const void *addr);
ssize_t pagemap_count(pid_t pid, const void *start, size_t pages, uint64_t mask,
		      uint64_t bits);
ssize_t pagemap_out_of_row(pid_t pid, const void *start, size_t pages);
ssize_t pagemap_scan(pid_t pid, const void *start, size_t pages, uint64_t anyof,
		     struct page_region *regions, size_t max);
ssize_t pagemap_scan_with(pid_t pid, struct pm_scan_arg *arg);
bool pagemap_scan_supported(void);

#endif /* ANONMEM_OBSERVE_PAGEMAP_H */
