// SPDX-License-Identifier: GPL-2.0
/* Having KSM merge pages, see admin-guide/mm/ksm.rst. */
#include <errno.h>
#include <stdlib.h>

#include "../borrow/ksmd.h"
#include "../observe/pagemap.h"
#include "../observe/patience.h"
#include "ksm.h"

/* Three rounds of a ksmd that has little to do take a tenth of this. */
#define PATIENCE_MS	3000
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

/**
 * ksm_merge - have the pages of two mappings merged with each other
 * @one: a mapping
 * @other: another, of the same content
 *
 * ksmd does it when it comes round; who may not see frames cannot tell.
 *
 * Return: 0, -EAGAIN where it has not after three seconds, or -errno.
 */
int ksm_merge(const struct range *one, const struct range *other)
{
	long long deadline = patience_until(PATIENCE_MS);
	int apart;

	if (madvise(one->addr, one->len, MADV_MERGEABLE) ||
	    madvise(other->addr, other->len, MADV_MERGEABLE))
		return -errno;
	do {
		ksmd_wake();
		apart = pages_apart(one, other);
	} while (apart > 0 && patience_left(deadline));
	return apart > 0 ? -EAGAIN : apart;
}
