// SPDX-License-Identifier: GPL-2.0
/* Transparent huge pages of the size that one PMD maps. */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "../observe/pagemap.h"
#include "../observe/procfs.h"
#include "../observe/smaps.h"
#include "../observe/sysmem.h"
#include "access.h"
#include "hugepage.h"
#include "settings.h"

#define THP	"/sys/kernel/mm/transparent_hugepage"
/* Each try may have the kernel compact memory; more are of little use. */
#define MAX_TRIES	16

/**
 * huge_page_size - how much one PMD maps
 *
 * It does not change, so what is forked need not read it again.
 *
 * Return: in bytes, 0 where the kernel has no transparent huge pages.
 */
size_t huge_page_size(void)
{
	static unsigned long long size;
	static bool known;

	if (!known && procfs_number(THP "/hpage_pmd_size", &size))
		size = 0;
	known = true;
	return (size_t)size;
}

static void path_of_size(char *path, size_t len, size_t size)
{
	snprintf(path, len, THP "/hugepages-%zukB/enabled", size >> 10);
}

/* Since 6.8 each size has a setting of its own, which may be to inherit the common one. */
static bool size_allowed(size_t size)
{
	char path[128], value[32];

	path_of_size(path, sizeof(path), size);
	if (!setting_read(path, value, sizeof(value)))
		strcpy(value, size == huge_page_size() ? "inherit" : "never");
	if (!strcmp(value, "inherit"))
		return setting_is(THP "/enabled", "always madvise");
	return !strcmp(value, "always") || !strcmp(value, "madvise");
}

/**
 * huge_pages_allowed - is memory that asks for it to have PMD-sized pages?
 *
 * See admin-guide/mm/transhuge.rst.
 *
 * Return: true where the settings say so, and the size is fit for tests.
 */
bool huge_pages_allowed(void)
{
	size_t size = huge_page_size();

	return size && size <= HUGE_PAGE_MOST && size_allowed(size);
}

/**
 * huge_setting_change - change a setting of transparent huge pages
 * @settings: held by the caller, see settings_hold()
 * @path: the file
 * @value: what to write
 *
 * Whether there are any decides how much memory the kernel keeps free, which it
 * reckons anew with each change and does not always put back.
 */
void huge_setting_change(struct settings *settings, const char *path, const char *value)
{
	settings_keep(settings, "/proc/sys/vm/min_free_kbytes");
	settings_change(settings, path, value);
}

static void allow_size(struct settings *settings, size_t size)
{
	char path[128];

	if (size_allowed(size))
		return;
	path_of_size(path, sizeof(path), size);
	huge_setting_change(settings, access(path, F_OK) ? THP "/enabled" : path, "madvise");
}

/**
 * huge_pages_allow - let memory that asks for it have PMD-sized pages
 * @settings: held by the caller, see settings_hold()
 *
 * Where that may be changed, see settings_change(); huge_pages_allowed() tells.
 */
void huge_pages_allow(struct settings *settings)
{
	size_t size = huge_page_size();

	if (size && size <= HUGE_PAGE_MOST)
		allow_size(settings, size);
}

/**
 * huge_pages_size_allowed - is memory that asks for it to have folios of a size?
 * @size: in bytes, below a PMD's
 *
 * Return: true where the settings say so.
 */
bool huge_pages_size_allowed(size_t size)
{
	return size < huge_page_size() && size_allowed(size);
}

/**
 * huge_pages_next_size - the next size of folio that memory may ask for
 * @than: in bytes; sizes above it are looked at, 0 for the smallest
 *
 * Return: in bytes, 0 where none is left below a PMD's size.
 */
size_t huge_pages_next_size(size_t than)
{
	size_t pmd = huge_page_size();

	for (size_t size = than ? 2 * than : 2 * page_size(); size < pmd; size *= 2)
		if (size_allowed(size))
			return size;
	return 0;
}

/**
 * huge_pages_allow_size - let memory that asks have folios of a smaller size
 * @settings: held by the caller, see settings_hold()
 * @size: in bytes, below a PMD's; nothing changes where there is no such size
 *
 * Where that may be changed, see settings_change(); huge_pages_size_allowed()
 * tells.
 */
void huge_pages_allow_size(struct settings *settings, size_t size)
{
	char path[128];

	path_of_size(path, sizeof(path), size);
	if (size < huge_page_size() && !access(path, F_OK))
		allow_size(settings, size);
}

/**
 * huge_pages_allow_sizes - the same for each size that there is
 * @settings: held by the caller, see settings_hold()
 *
 * huge_pages_next_size() tells.
 */
void huge_pages_allow_sizes(struct settings *settings)
{
	for (size_t size = 2 * page_size(); size < huge_page_size(); size *= 2)
		huge_pages_allow_size(settings, size);
}

/**
 * huge_zero_allowed - is memory that is only read to have the huge zero page?
 *
 * Return: true where the settings say so, and the size is fit for tests.
 */
bool huge_zero_allowed(void)
{
	return huge_pages_allowed() && setting_is(THP "/use_zero_page", "1");
}

/**
 * huge_zero_allow - let memory that is only read have the huge zero page
 * @settings: held by the caller, see settings_hold()
 *
 * Where that may be changed, see settings_change(); huge_zero_allowed() tells.
 */
void huge_zero_allow(struct settings *settings)
{
	huge_pages_allow(settings);
	if (setting_is(THP "/use_zero_page", "0"))
		huge_setting_change(settings, THP "/use_zero_page", "1");
}

static bool is_huge(const struct mapping *map)
{
	struct smaps smaps;

	return !smaps_range(0, map->addr, map->len, &smaps) && smaps.anon_huge == map->len;
}

/*
 * Reading the first byte brought the last page, too.  Whether that counts as
 * memory is for cases to claim: what is amiss there must not look like want.
 */
static bool is_huge_zero(const struct mapping *map)
{
	return pagemap_entry(0, page_at(map, map->pages - 1)) & PM_PRESENT;
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

/**
 * map_folios - map two folios of a size below a PMD's
 * @map: where to describe it: a page-table boundary is between the two
 * @size: in bytes, one that huge_pages_size_allowed() allows
 *
 * There is no room for a larger one. Both are there, and zero.
 *
 * Return: 0; -EAGAIN where the kernel fell back for want of contiguous memory;
 * -ECANCELED where it did not even try; or another -errno.
 */
int map_folios(struct mapping *map, size_t size)
{
	unsigned long long before = 0, after = 0, fell = 0, falls = 0;
	int ret = map_private_across_tables(map, 2 * size / page_size());
	char got[128], fallback[128];

	if (ret)
		return ret;
	snprintf(got, sizeof(got), THP "/hugepages-%zukB/stats/anon_fault_alloc", size >> 10);
	snprintf(fallback, sizeof(fallback), THP "/hugepages-%zukB/stats/anon_fault_fallback",
		 size >> 10);
	procfs_number(got, &before);
	procfs_number(fallback, &fell);
	if (madvise(map->addr, map->len, MADV_HUGEPAGE))
		return -errno;
	for (size_t at = 0; !ret && at < map->len; at += size)
		ret = store(map->addr + at, 0);
	procfs_number(got, &after);
	procfs_number(fallback, &falls);
	/* Kernels before 6.10 do not count them. */
	if (ret || access(got, F_OK) || (after >= before + 2 && falls == fell))
		return ret;
	return falls > fell ? -EAGAIN : -ECANCELED;
}
