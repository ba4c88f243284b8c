// SPDX-License-Identifier: GPL-2.0
/* Transparent huge pages of the size that one PMD maps. */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../observe/pagemap.h"
#include "../observe/procfs.h"
#include "../observe/smaps.h"
#include "../observe/sysmem.h"
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

/* Is the word in brackets in a setting one of those that let advice count? */
static bool set_to(const char *path, const char *words)
{
	char *text, *word;
	bool found = false;

	if (procfs_slurp(path, &text, NULL))
		return false;
	word = strchr(text, '[');
	if (word) {
		word[strcspn(word, "]")] = '\0';
		found = strstr(words, word + 1);
	}
	free(text);
	return found;
}

#define THP	"/sys/kernel/mm/transparent_hugepage"

/**
 * huge_pages_allowed - is memory that asks for it to have PMD-sized pages?
 *
 * See admin-guide/mm/transhuge.rst: since 6.8 each size has a setting of its
 * own, which may be to inherit the common one.
 *
 * Return: true where the settings say so, and the size is fit for tests.
 */
bool huge_pages_allowed(void)
{
	bool common = set_to(THP "/enabled", "always madvise");
	size_t size = huge_page_size();
	char path[128];

	if (!size || size > HUGE_PAGE_MOST)
		return false;
	snprintf(path, sizeof(path), THP "/hugepages-%zukB/enabled", size >> 10);
	if (access(path, R_OK))
		return common;
	return set_to(path, "always madvise") || (common && set_to(path, "inherit"));
}

/**
 * huge_pages_next_size - the next size of folio that memory may ask for
 * @than: in bytes; sizes above it are looked at, 0 for the smallest
 *
 * Return: in bytes, 0 where none is left below a PMD's size.
 */
size_t huge_pages_next_size(size_t than)
{
	bool common = set_to(THP "/enabled", "always madvise");
	size_t pmd = huge_page_size();
	char path[128];

	for (size_t size = than ? 2 * than : 2 * page_size(); size < pmd; size *= 2) {
		snprintf(path, sizeof(path), THP "/hugepages-%zukB/enabled", size >> 10);
		if (set_to(path, "always madvise") || (common && set_to(path, "inherit")))
			return size;
	}
	return 0;
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
	long long fallbacks = vmstat_event("thp_fault_fallback");
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
	if (ret)
		return ret;
	/* Where the kernel did not even try, it was not for want of memory. */
	return vmstat_event("thp_fault_fallback") > fallbacks ? -EAGAIN : -ECANCELED;
}

/**
 * map_huge - map one transparent huge page, by a PMD
 * @map: where to describe it
 *
 * Return: 0; -EAGAIN where the kernel kept falling back to base pages for want
 * of contiguous memory; -ECANCELED where it gave base pages without having tried,
 * as settings may have it (admin-guide/mm/transhuge.rst); -EOPNOTSUPP where it has
 * none of a size fit for tests; or another -errno.
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

/**
 * map_huge_of - map one folio of a size below a PMD's
 * @map: where to describe it
 * @size: in bytes, as huge_pages_next_size() gave it
 *
 * The mapping has room for no larger one.  It is written in its first byte.
 *
 * Return: 0; -EAGAIN where the kernel fell back to base pages for want of
 * contiguous memory; or -errno.
 */
int map_huge_of(struct mapping *map, size_t size)
{
	unsigned long long before = 0, after = 0;
	char path[128];
	int ret = map_private_aligned(map, size / page_size(), size);

	if (ret)
		return ret;
	snprintf(path, sizeof(path), THP "/hugepages-%zukB/stats/anon_fault_fallback", size >> 10);
	procfs_number(path, &before);
	ret = madvise(map->addr, map->len, MADV_HUGEPAGE) ? -errno : store(map->addr, 1);
	procfs_number(path, &after);
	return ret ?: after > before ? -EAGAIN : 0;
}
