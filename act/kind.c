// SPDX-License-Identifier: GPL-2.0
/* Private anonymous memory in each of the forms that a page of it can have. */
#include <errno.h>
#include <string.h>

#include "../observe/pagemap.h"
#include "access.h"
#include "hugepage.h"
#include "kind.h"
#include "pageout.h"

/**
 * kind_most_bytes - how much content the largest kind takes
 *
 * Return: the most bytes that arrange_pages() copies.
 */
size_t kind_most_bytes(void)
{
	size_t base = KIND_PAGES * page_size(), huge = huge_page_size();

	return huge > base && huge <= HUGE_PAGE_MOST ? huge : base;
}

static int swap_all_out(struct mapping *map)
{
	int ret = pageout(map->addr, map->pages);

	/* That is no want of the machine's, which was shown to have swap. */
	return ret == -EAGAIN ? -EBUSY : ret;
}

/*
 * Memory that nobody ever wrote need not be copied by fork, which may leave it
 * to the child's own faults: so write, and give that page back.
 */
static int only_read(const struct mapping *map)
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
 * @map: where to describe the mapping: KIND_PAGES with a page-table boundary
 *	in their middle, or one huge page
 * @kind: what they should be
 * @content: what they should hold, kind_most_bytes() of it; zero pages hold
 *	zeros
 *
 * Return: 0; -EAGAIN where no huge page is to be had; -EBUSY where pages would
 * not leave for the swap area; or another -errno.
 */
int arrange_pages(struct mapping *map, enum page_kind kind, const void *content)
{
	int ret;

	if (kind == HUGE_PAGE || kind == SPLIT_HUGE_PAGE)
		ret = map_huge(map);
	else if (kind == HUGE_ZERO_PAGE)
		ret = map_huge_zero(map);
	else
		ret = map_private_across_tables(map, KIND_PAGES);
	if (ret || kind == HUGE_ZERO_PAGE)
		return ret;

	if (kind == ZERO_PAGES)
		return only_read(map);
	memcpy(map->addr, content, map->len);
	if (kind == SPLIT_HUGE_PAGE)
		return huge_split_mapping(map);
	return kind == SWAPPED_PAGES ? swap_all_out(map) : 0;
}
