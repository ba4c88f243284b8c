// SPDX-License-Identifier: GPL-2.0
/* Private anonymous memory in each of the forms that a page of it can have. */
#include <errno.h>
#include <string.h>

#include "../borrow/thp.h"
#include "../observe/kpage.h"
#include "../observe/pagemap.h"
#include "access.h"
#include "hugepage.h"
#include "kind.h"
#include "ksm.h"
#include "pageout.h"
#include "peer.h"

/**
 * kind_most_bytes - how much content the largest kind takes
 *
 * Return: the most bytes that arrange_pages() copies.
 */
size_t kind_most_bytes(void)
{
	size_t folios = 2 * kind_folio_pages(FOLIOS_OF_256) * page_size();
	size_t most = KIND_PAGES * page_size(), huge = thp_pmd_size();

	if (huge <= THP_MOST_BYTES && huge > most)
		most = huge;
	if (folios > THP_MOST_BYTES)
		folios = THP_MOST_BYTES;
	return folios > most ? folios : most;
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
	int ret = peer_fork(&other);

	for (size_t i = 0; !ret && i < map->pages; i++)
		ret = load(page_at(map, i)) < 0 ? -EIO : 0;
	if (!ret)
		ret = peer_exit(&other);
	for (size_t i = 0; !ret && i < map->pages; i++) {
		ret = kpage_flags(pm_pfn(pagemap_entry(0, page_at(map, i))), &flags);
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

static int swap_all_out(struct range *map)
{
	int ret = pageout(map->addr, map->pages);

	/* That is no want of the machine's, which was shown to have swap. */
	return ret == -EAGAIN ? -EBUSY : ret;
}

/*
 * Memory that nobody ever wrote need not be copied by fork, which may leave it
 * to the child's own faults: so write, and give that page back.
 */
static int only_read(const struct range *map)
{
	if (store(map->addr, 1) || madvise(map->addr, map->len, MADV_DONTNEED))
		return -EIO;
	for (size_t i = 0; i < map->pages; i++)
		if (load(page_at(map, i)))
			return -EIO;
	return 0;
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
 * Return: 0; -EAGAIN where no huge page is to be had, ksmd did not come round,
 * or pages did not stay in the swap cache; -EBUSY where pages would
 * not leave for the swap area; or another -errno.
 */
int arrange_pages(struct range *map, enum page_kind kind, const void *content)
{
	int ret;

	if (kind == HUGE_PAGE || kind == SPLIT_HUGE_PAGE)
		ret = map_thp(map);
	else if (kind == HUGE_ZERO_PAGE)
		ret = map_huge_zero_page(map);
	else if (kind_folio_pages(kind))
		ret = map_folios(map, kind_folio_pages(kind) * page_size());
	else
		ret = map_private_across_tables(map, KIND_PAGES);
	if (ret || kind == HUGE_ZERO_PAGE)
		return ret;

	if (kind == ZERO_PAGES)
		return only_read(map);
	memcpy(map->addr, content, map->len);
	if (kind == SPLIT_HUGE_PAGE)
		return thp_map_by_ptes(map);
	if (kind == MERGED_PAGES)
		return merge(map);
	if (kind == SWAPPED_PAGES || kind == SWAP_CACHED_PAGES)
		ret = swap_all_out(map);
	return ret || kind != SWAP_CACHED_PAGES ? ret : swap_in_cached(map);
}
