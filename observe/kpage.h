/* SPDX-License-Identifier: GPL-2.0 */
/* /proc/kpageflags and /proc/kpagecount: what the kernel says of a frame. */
#ifndef ANONMEM_OBSERVE_KPAGE_H
#define ANONMEM_OBSERVE_KPAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "uapi.h"

#define KPF(name)	(1ULL << KPF_##name)

/* What a frame is; the others tell what happens to it. */
#define KPF_WHAT	(KPF(LRU) | KPF(SLAB) | KPF(BUDDY) | KPF(MMAP) | KPF(ANON) |	\
			 KPF(SWAPCACHE) | KPF(SWAPBACKED) | KPF(COMPOUND_HEAD) |	\
			 KPF(COMPOUND_TAIL) | KPF(HUGE) | KPF(UNEVICTABLE) |		\
			 KPF(HWPOISON) | KPF(NOPAGE) | KPF(THP) | KPF(OFFLINE) |	\
			 KPF(ZERO_PAGE) | KPF(PGTABLE))

bool kpage_closed(void);
int kpage_read(const char *path, const uint64_t *pfns, size_t n, uint64_t *values);
void kpage_flag_names(uint64_t flags, char *text, size_t size);

/* The flags of frames, bits KPF_*, see admin-guide/mm/pagemap.rst. */
#define kpage_flags_of(pfns, n, flags)	kpage_read("/proc/kpageflags", pfns, n, flags)
/*
 * How many page table entries map each; for a page of a large folio newer kernels
 * give the folio's average.
 */
#define kpage_counts_of(pfns, n, counts) kpage_read("/proc/kpagecount", pfns, n, counts)

/* The same of one frame. */
static inline int kpage_flags(uint64_t pfn, uint64_t *flags)
{
	return kpage_flags_of(&pfn, 1, flags);
}

static inline int kpage_count(uint64_t pfn, uint64_t *count)
{
	return kpage_counts_of(&pfn, 1, count);
}

/* The inode number of the memory cgroup's directory it is charged to, 0 for none. */
static inline int kpage_cgroup(uint64_t pfn, uint64_t *inode)
{
	return kpage_read("/proc/kpagecgroup", &pfn, 1, inode);
}

#endif /* ANONMEM_OBSERVE_KPAGE_H */
