/* SPDX-License-Identifier: GPL-2.0 */
/* The system's own accounts: /proc/meminfo, /proc/vmstat, and their noise. */
#ifndef ANONMEM_OBSERVE_SYSMEM_H
#define ANONMEM_OBSERVE_SYSMEM_H

#include <stdbool.h>
#include <stddef.h>

/* /proc/meminfo, in bytes, and what free(1) makes of it. */
struct meminfo {
	long long total, free, buffers, cached, sreclaimable;
	long long anon_pages, shmem;
	long long swap_cached, swap_total, swap_free;
};

/*
 * What disturbs memory, as /proc/vmstat counts it: somebody else's doing, as what
 * MADV_PAGEOUT does for its caller counts in none of them.  Nor does splitting:
 * thp_split_page counts the caller's own, while others split what is not theirs
 * by migration, or by shrinkers, which count what they scan.
 */
#define DISTURBANCES(x)								\
	/* What reclaim took, of whatever cgroup: once by who, once by what. */	\
	x(RECLAIMED, "reclaimed")						\
	/* Folios that compaction, balancing or demotion moved or tried to. */	\
	x(MIGRATED, "migrated")							\
	/* Huge pages that khugepaged made, and what shrinkers scanned. */	\
	x(HUGE, "huge")								\
	/* Page cache, by drop_caches or with its inodes. */			\
	x(DROPPED, "dropped")							\
	/* Faults of NUMA balancing's making. */				\
	x(HINTED, "hinted")

enum disturbance {
#define DISTURBANCE_NUMBER(id, name)	id,
	DISTURBANCES(DISTURBANCE_NUMBER)
	NR_DISTURBANCES
};

struct noise {
	long long count[NR_DISTURBANCES];
	long long global;	/* of what was reclaimed: not for a cgroup's sake, to 6.18 */
	bool swap;		/* anonymous memory may be reclaimed */
};

/* What everybody does that changes page counts, since boot. */
struct traffic {
	long long allocs;	/* pages from the page allocator */
	long long frees;	/* pages back to it */
	long long faults;	/* which may map a page that was in memory already */
	long long swapped;	/* pages written to or read from swap */
};

/* "used" of free(1) before procps 4.0: what is neither free nor reclaimable cache. */
static inline long long meminfo_used(const struct meminfo *info)
{
	return info->total - info->free - info->buffers - info->cached - info->sreclaimable;
}

int meminfo_read(struct meminfo *info);
long long meminfo_number(const char *name);
long long vmstat_event(const char *name);
long long vmstat_swap_outs(void);
long long cgroup_memory_stat(const char *dir, const char *name);
int vmstat_traffic(struct traffic *traffic);
long long zoneinfo_held_pages(void);
long vmstat_drift_pages(void);
long vmstat_zone_drift_pages(void);
int vmstat_flush(void);

void noise_read(struct noise *noise);
void noise_since(const struct noise *before, struct noise *delta);

#endif /* ANONMEM_OBSERVE_SYSMEM_H */
