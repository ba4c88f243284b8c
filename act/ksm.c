// SPDX-License-Identifier: GPL-2.0
/* Having KSM merge pages, see admin-guide/mm/ksm.rst. */
#include <errno.h>
#include <stdlib.h>

#include "../borrow/ksmd.h"
#include "../observe/pagemap.h"
#include "../observe/patience.h"
#include "../observe/procfs.h"
#include "../observe/smaps.h"
#include "ksm.h"

/* Three rounds of a ksmd that has little to do take a tenth of this. */
#define PATIENCE_MS	3000
/*
 * A process is looked at first when a scan gets to it anew; that scan remembers what is
 * in its pages, and the next one merges what did not change (mm/ksm.c).  One more, as
 * a page may be held by somebody at the moment.  Asked about in the middle of one.
 */
#define SCANS		(1 + 2 + 1)

/* How many pages are still apart, or -errno. */
static int pages_apart(const struct range *one, const struct range *other)
{
	uint64_t *entries = calloc(2 * one->pages, sizeof(*entries));
	int apart = -ENOMEM;

	if (entries)
		apart = pagemap_read(0, one->addr, one->pages, entries) ?:
			pagemap_read(0, other->addr, one->pages, entries + one->pages);
	for (size_t i = 0; entries && apart >= 0 && i < one->pages; i++)
		apart += pm_pfn(entries[i]) != pm_pfn(entries[one->pages + i]);
	free(entries);
	return apart;
}

static unsigned long long full_scans(void)
{
	unsigned long long scans;

	return procfs_number("/sys/kernel/mm/ksm/full_scans", &scans) ? 0 : scans;
}

static bool is_mergeable(const struct range *map)
{
	struct smaps smaps;

	return !smaps_range(0, map->addr, map->len, &smaps) && smaps_has_flag(&smaps, "mg");
}

/* Pages of different nodes are never merged then. */
static bool nodes_matter(void)
{
	unsigned long long across;

	return !procfs_number("/sys/kernel/mm/ksm/merge_across_nodes", &across) && !across;
}

/**
 * ksm_merge - have the pages of two mappings merged with each other
 * @one: a mapping
 * @other: another, of the same content
 *
 * ksmd does it when it comes round; who may not see frames cannot tell.
 *
 * Return: 0; -EAGAIN where it has not come round in three seconds; -EBUSY where it
 * has, and pages are still apart; -ECANCELED where advice has no effect; or another
 * -errno.
 */
int ksm_merge(const struct range *one, const struct range *other)
{
	long long deadline = patience_until(PATIENCE_MS);
	unsigned long long before;
	int apart;

	if (madvise(one->addr, one->len, MADV_MERGEABLE) ||
	    madvise(other->addr, other->len, MADV_MERGEABLE))
		return -errno;
	/* Where nobody has anything to merge ksmd does not come round. */
	if (!is_mergeable(one) || !is_mergeable(other) || !ksmd_runs())
		return -ECANCELED;
	before = full_scans();
	do {
		ksmd_wake();
		apart = pages_apart(one, other);
	} while (apart > 0 && patience_left(deadline));
	if (apart <= 0)
		return apart;
	return full_scans() - before < SCANS || nodes_matter() ? -EAGAIN : -EBUSY;
}
