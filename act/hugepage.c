// SPDX-License-Identifier: GPL-2.0
/* Transparent huge pages of the size that one PMD maps. */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>

#include "../borrow/thp.h"
#include "../observe/pagemap.h"
#include "../observe/procfs.h"
#include "../observe/smaps.h"
#include "../observe/sysmem.h"
#include "../observe/zones.h"
#include "access.h"
#include "hugepage.h"

#define THP	"/sys/kernel/mm/transparent_hugepage"
/* Each try may have the kernel compact memory; more are of little use. */
#define MAX_TRIES	16
#define NO_STAT		(~0ULL)

static bool is_huge(const struct range *map)
{
	struct smaps smaps;

	return !smaps_range(0, map->addr, map->len, &smaps) && smaps.anon_huge == map->len;
}

/*
 * Reading the first byte brought the last page, too.  Whether that counts as
 * memory is for cases to claim: what is amiss there must not look like want.
 */
static bool is_huge_zero(const struct range *map)
{
	return pagemap_entry(0, page_at(map, map->pages - 1)) & PM_PRESENT;
}

/* How often the kernel gave (alloc) or did not give (fallback) a folio of a size. */
static unsigned long long folio_stat(size_t size, const char *event)
{
	unsigned long long number = 0;
	char path[128];

	snprintf(path, sizeof(path), THP "/hugepages-%zukB/stats/anon_fault_%s", size >> 10, event);
	return procfs_number(path, &number) ? NO_STAT : number;
}

/* How often a cgroup's limit was in the way, or -errno where that is not told. */
static long long charges_refused(const char *event, size_t size)
{
	unsigned long long number;

	if (event)
		return vmstat_event(event);
	number = folio_stat(size, "fallback_charge");
	return number == NO_STAT ? -ENODATA : (long long)number;
}

/**
 * thp_insist - map a large folio that has to be had where memory has it
 * @map: where to describe it
 * @size: of the folio, in bytes
 * @try: maps it
 * @how: for @try
 * @refused: the event of vmstat where a cgroup lets nobody have it, or NULL for the size's own
 *
 * Return: as @try; but -EBUSY where it gave -EAGAIN although there was such memory, before
 * and afterwards, and no cgroup's limit was met.
 */
int thp_insist(struct range *map, size_t size, map_large_fn try, int how, const char *refused)
{
	int ret = try(map, size, how);
	long long before;

	if (ret != -EAGAIN || !zones_have_blocks(size))
		return ret;
	before = charges_refused(refused, size);
	ret = try(map, size, how);
	if (ret != -EAGAIN || !zones_have_blocks(size))
		return ret;
	return before < 0 || charges_refused(refused, size) != before ? -EAGAIN : -EBUSY;
}

static int map_one(struct range *map, size_t size, int by_writing)
{
	long long fallbacks = vmstat_event("thp_fault_fallback");
	int ret;

	ret = map_private_aligned(map, size / page_size(), size);
	if (ret)
		return ret;
	for (int i = 0; !ret && i < MAX_TRIES; i++) {
		if (madvise(map->addr, map->len, MADV_HUGEPAGE))
			ret = -errno;
		else
			ret = by_writing ? store(map->addr, 1) : load(map->addr);
		if (!ret && (by_writing ? is_huge(map) : is_huge_zero(map)))
			return 0;
		if (!ret && madvise(map->addr, map->len, MADV_DONTNEED))
			ret = -errno;
	}
	unmap(map);
	if (ret)
		return ret;
	/* Where the kernel did not even try, it was not for want of memory. */
	return vmstat_event("thp_fault_fallback") > fallbacks ? -EAGAIN : -ECANCELED;
}

static int insist_on_one(struct range *map, bool by_writing)
{
	size_t size = thp_pmd_size();

	if (!size || size > THP_MOST_BYTES)
		return -EOPNOTSUPP;
	return thp_insist(map, size, map_one, by_writing, "thp_fault_fallback_charge");
}

/**
 * map_thp - map one transparent huge page, by a PMD
 * @map: where to describe it
 *
 * Return: 0; -EAGAIN where the kernel kept falling back to base pages for want
 * of contiguous memory; -EBUSY where it did so without want, see thp_insist();
 * -ECANCELED where it gave base pages without having tried, as settings may have it
 * (admin-guide/mm/transhuge.rst); -EOPNOTSUPP where it has none of a size fit for
 * tests; or another -errno.
 */
int map_thp(struct range *map)
{
	return insist_on_one(map, true);
}

/**
 * map_huge_zero_page - map the huge zero page by reading
 * @map: where to describe it
 *
 * Return: as map_thp().
 */
int map_huge_zero_page(struct range *map)
{
	return insist_on_one(map, false);
}

/**
 * thp_map_by_ptes - have the same huge page mapped by PTEs
 * @map: as map_thp() made it
 *
 * A VMA that ends inside a huge page cannot be mapped by a PMD; what it maps
 * stays one folio.  The advice that splits the VMA is taken back at once, and
 * khugepaged is kept from joining what was split.
 *
 * Return: 0, -EBUSY where the PMD is still there, or -errno.
 */
int thp_map_by_ptes(struct range *map)
{
	char *middle = page_at(map, map->pages / 2);
	struct smaps smaps;
	int ret;

	if (madvise(map->addr, map->len, MADV_NOHUGEPAGE) ||
	    madvise(middle, page_size(), MADV_DONTFORK) ||
	    madvise(middle, page_size(), MADV_DOFORK))
		return -errno;
	ret = smaps_range(0, map->addr, map->len, &smaps);
	if (ret)
		return ret;
	return smaps.rss == map->len && !smaps.anon_huge ? 0 : -EBUSY;
}

static int try_folio(struct range *map, size_t size, int how)
{
	unsigned long long before = folio_stat(size, "fallback");
	int ret = map_private_aligned(map, size / page_size(), size);

	(void)how;
	if (!ret)
		ret = madvise(map->addr, map->len, MADV_HUGEPAGE) ? -errno : store(map->addr, 1);
	return ret ?: folio_stat(size, "fallback") > before ? -EAGAIN : 0;
}

/**
 * map_folio - map one folio of a size below a PMD's
 * @map: where to describe it
 * @size: in bytes, as thp_next_size() gave it
 *
 * The mapping has room for no larger one.  It is written in its first byte.
 *
 * Return: 0; -EAGAIN where the kernel fell back to base pages for want of
 * contiguous memory; -EBUSY where it did so without want; or another -errno.
 */
int map_folio(struct range *map, size_t size)
{
	return thp_insist(map, size, try_folio, 0, NULL);
}

static int try_folios(struct range *map, size_t size, int how)
{
	unsigned long long got = folio_stat(size, "alloc"), fell = folio_stat(size, "fallback");
	int ret = map_private_across_tables(map, 2 * size / page_size());

	(void)how;
	if (!ret && madvise(map->addr, map->len, MADV_HUGEPAGE))
		ret = -errno;
	for (size_t at = 0; !ret && at < map->len; at += size)
		ret = store(map->addr + at, 0);
	if (ret)
		return ret;
	if (folio_stat(size, "fallback") > fell)
		return -EAGAIN;
	/* Kernels before 6.10 do not count them. */
	return got == NO_STAT || folio_stat(size, "alloc") >= got + 2 ? 0 : -ECANCELED;
}

/**
 * map_folios - map two folios of a size below a PMD's
 * @map: where to describe it: a page-table boundary is between the two
 * @size: in bytes, one that thp_enable_size() allows
 *
 * There is no room for a larger one. Both are there, and zero.
 *
 * Return: as map_folio(), and -ECANCELED where the kernel did not even try.
 */
int map_folios(struct range *map, size_t size)
{
	return thp_insist(map, size, try_folios, 0, NULL);
}
