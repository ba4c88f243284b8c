// SPDX-License-Identifier: GPL-2.0
/* Transparent huge pages of the size that one PMD maps. */
#include <errno.h>
#include <stdbool.h>

#include "../observe/pagemap.h"
#include "../observe/procfs.h"
#include "../observe/smaps.h"
#include "access.h"
#include "hugepage.h"

/* Each try may have the kernel compact memory; more are of little use. */
#define MAX_TRIES	16

/**
 * huge_page_size - how much one PMD maps
 *
 * Return: in bytes, 0 where the kernel has no transparent huge pages.
 */
size_t huge_page_size(void)
{
	unsigned long long size;

	if (procfs_number("/sys/kernel/mm/transparent_hugepage/hpage_pmd_size", &size))
		return 0;
	return (size_t)size;
}

static bool is_huge(const struct mapping *map)
{
	struct smaps smaps;

	return !smaps_range(0, map->addr, map->len, &smaps) && smaps.anon_huge == map->len;
}

/* One touch brought the last page too, and nothing that counts as memory. */
static bool is_huge_zero(const struct mapping *map)
{
	struct smaps smaps;

	return pagemap_entry(0, page_at(map, map->pages - 1)) & PM_PRESENT &&
	       !smaps_range(0, map->addr, map->len, &smaps) && !smaps.rss;
}

static int map_one(struct mapping *map, bool by_writing, bool (*good)(const struct mapping *map))
{
	size_t size = huge_page_size();
	int ret;

	if (!size || size > HUGE_PAGE_MOST)
		return -EOPNOTSUPP;
	ret = map_private_aligned(map, size / page_size(), size);
	if (ret)
		return ret;
	for (int i = 0; !ret && i < MAX_TRIES; i++) {
		if (madvise(map->addr, map->len, MADV_HUGEPAGE)) {
			ret = -errno;
			break;
		}
		ret = by_writing ? store(map->addr, 1) : load(map->addr);
		if (!ret && good(map))
			return 0;
		if (!ret && madvise(map->addr, map->len, MADV_DONTNEED))
			ret = -errno;
	}
	unmap(map);
	return ret ?: -EAGAIN;
}

/**
 * map_huge - map one transparent huge page, by a PMD
 * @map: where to describe it
 *
 * Return: 0; -EAGAIN where the kernel kept giving base pages, for the machine's
 * settings (admin-guide/mm/transhuge.rst) or for want of contiguous memory;
 * -EOPNOTSUPP where it has none of a size fit for tests; or another -errno.
 */
int map_huge(struct mapping *map)
{
	return map_one(map, true, is_huge);
}

/**
 * map_huge_zero - map the huge zero page by reading
 * @map: where to describe it
 *
 * Return: as map_huge().
 */
int map_huge_zero(struct mapping *map)
{
	return map_one(map, false, is_huge_zero);
}

/**
 * huge_split_mapping - have the same huge page mapped by PTEs
 * @map: as map_huge() made it
 *
 * A VMA that ends inside a huge page cannot be mapped by a PMD; what it maps
 * stays one folio.  The advice that splits the VMA is taken back at once, and
 * khugepaged is kept from joining what was split.
 *
 * Return: 0, -EAGAIN where the PMD is still there, or -errno.
 */
int huge_split_mapping(struct mapping *map)
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
	return smaps.rss == map->len && !smaps.anon_huge ? 0 : -EAGAIN;
}
