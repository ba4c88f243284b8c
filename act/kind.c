// SPDX-License-Identifier: GPL-2.0
/* Private anonymous memory in each of the forms that a page of it can have. */
#include <errno.h>
#include <string.h>

#include "../borrow/thp.h"
#include "../observe/kpage.h"
#include "../observe/pagemap.h"
#include "../observe/patience.h"
#include "access.h"
#include "hugepage.h"
#include "kind.h"
#include "ksm.h"
#include "pageout.h"
#include "peer.h"

static int swap_all_out(struct range *map)
{
	return pageout(map->addr, map->pages);
}

/* The entry of a page that is there, but for the moment that migrating it takes. */
static uint64_t entry_in_memory(void *addr)
{
	long long deadline = patience_until(100);
	uint64_t entry;

	do {
		entry = load(addr) < 0 ? 0 : pagemap_entry(0, addr);
	} while (!(entry & PM_PRESENT) && patience_left(deadline));
	return entry;
}

/*
 * With two mappers of the swap entries, who brings the pages in has to leave
 * them in the swap cache, for the other to find; and there they stay when it is
 * gone.
 */
static int swap_in_cached(struct range *map)
{
	struct peer other;
	uint64_t flags;
	int ret = swap_all_out(map) ?: peer_fork(&other);

	for (size_t i = 0; !ret && i < map->pages; i++)
		ret = load(page_at(map, i)) < 0 ? -EIO : 0;
	if (!ret)
		ret = peer_exit(&other);
	for (size_t i = 0; !ret && i < map->pages; i++) {
		ret = kpage_flags(pm_pfn(entry_in_memory(page_at(map, i))), &flags);
		if (!ret && !(flags & KPF(SWAPCACHE)))
			ret = -EAGAIN;
	}
	return ret;
}

/* The other page of each stays where it is to the end of the process. */
static int merge(struct range *map)
{
	struct range other;
	int ret = map_private(&other, map->pages);

	if (ret)
		return ret;
	memcpy(other.addr, map->addr, map->len);
	return ksm_merge(map, &other);
}

/*
 * Memory that nobody ever wrote need not be copied by fork, which may leave it
 * to the child's own faults: so write, and give that page back.
 */
static int only_read(struct range *map)
{
	if (store(map->addr, 1) || madvise(map->addr, map->len, MADV_DONTNEED))
		return -EIO;
	for (size_t i = 0; i < map->pages; i++)
		if (load(page_at(map, i)))
			return -EIO;
	return 0;
}

static int leave_it(struct range *map)
{
	(void)map;
	return 0;
}

#define KIND_ROW(x, id, name, t, th, o, pl, h, f, order, fn, n1, n2, w)		\
	[id] = { .typical = t, .there = th, .own = o, .plain = pl, .holds = h,	\
		 .folio = f, .folio_pages = 1 << (order), .then = fn, .want = w },
const struct kind kinds[] = { PAGE_KINDS(KIND_ROW, 0) };

/**
 * kind_most_bytes - how much content the largest kind takes
 *
 * Return: the most bytes that arrange_pages() copies.
 */
size_t kind_most_bytes(void)
{
	size_t most = KIND_PAGES * page_size(), huge = thp_pmd_size();

	if (huge <= THP_MOST_BYTES && huge > most)
		most = huge;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		size_t two = 2 * kinds[i].folio_pages * page_size();

		if (two <= THP_MOST_BYTES && two > most)
			most = two;
	}
	return most;
}

/**
 * arrange_pages - map private anonymous pages of one kind
 * @map: where to describe the mapping: KIND_PAGES or two large folios with a
 *	page-table boundary in their middle, or one huge page
 * @kind: what they should be
 * @content: what they should hold, kind_most_bytes() of it; zero pages hold
 *	zeros
 *
 * Swap-cached pages need root, to see that they are; so do merged ones.
 *
 * Return: 0; -EAGAIN for want of what the kind says; -EBUSY where pages would
 * not leave for the swap area; or another -errno.
 */
int arrange_pages(struct range *map, enum page_kind kind, const void *content)
{
	const struct kind *k = &kinds[kind];
	int ret;

	if (k->folio_pages > 1)
		ret = map_folios(map, k->folio_pages * page_size());
	else if (k->folio == SMALL)
		ret = map_private_across_tables(map, KIND_PAGES);
	else
		ret = k->holds == ZEROS ? map_huge_zero_page(map) : map_thp(map);
	if (!ret && k->holds == PATTERN)
		memcpy(map->addr, content, map->len);
	return ret ?: k->then(map);
}
