// SPDX-License-Identifier: GPL-2.0
/* The machine's settings of transparent huge pages, see admin-guide/mm/transhuge.rst. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "../observe/pagemap.h"
#include "../observe/procfs.h"
#include "settings.h"
#include "thp.h"

#define THP	"/sys/kernel/mm/transparent_hugepage"
#define SHMEM	THP "/shmem_enabled"

/**
 * thp_pmd_size - how much one PMD maps
 *
 * It does not change, so what is forked need not read it again.
 *
 * Return: in bytes, 0 where the kernel has no transparent huge pages.
 */
size_t thp_pmd_size(void)
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
static bool size_enabled(size_t size)
{
	char path[128], value[32];

	path_of_size(path, sizeof(path), size);
	if (!setting_read(path, value, sizeof(value)))
		strcpy(value, size == thp_pmd_size() ? "inherit" : "never");
	if (!strcmp(value, "inherit"))
		return setting_is(THP "/enabled", "always madvise");
	return !strcmp(value, "always") || !strcmp(value, "madvise");
}

/**
 * thp_enabled - is memory that asks for it to have PMD-sized pages?
 *
 * See admin-guide/mm/transhuge.rst.
 *
 * Return: true where the settings say so, and the size is fit for tests.
 */
bool thp_enabled(void)
{
	size_t size = thp_pmd_size();

	return size && size <= THP_MOST_BYTES && size_enabled(size);
}

/*
 * Whether there are any decides how much memory the kernel keeps free, which it
 * reckons anew with each change and does not always put back.
 */
static void change_setting(struct settings *settings, const char *path, const char *value)
{
	settings_keep(settings, SETTING_MIN_FREE);
	settings_change(settings, path, value);
}

static void enable_size(struct settings *settings, size_t size)
{
	char path[128];

	if (size_enabled(size))
		return;
	path_of_size(path, sizeof(path), size);
	change_setting(settings, access(path, F_OK) ? THP "/enabled" : path, "madvise");
}

/**
 * thp_enable - let memory that asks for it have PMD-sized pages
 * @settings: held by the caller, see settings_hold()
 *
 * Where that may be changed, see settings_change(); thp_enabled() tells.
 */
void thp_enable(struct settings *settings)
{
	size_t size = thp_pmd_size();

	if (size && size <= THP_MOST_BYTES)
		enable_size(settings, size);
}

/**
 * thp_size_enabled - is memory that asks for it to have folios of a size?
 * @size: in bytes, below a PMD's
 *
 * Return: true where the settings say so.
 */
bool thp_size_enabled(size_t size)
{
	return size < thp_pmd_size() && size_enabled(size);
}

/**
 * thp_next_size - the next size of folio that memory may ask for
 * @than: in bytes; sizes above it are looked at, 0 for the smallest
 *
 * Return: in bytes, 0 where none is left below a PMD's size.
 */
size_t thp_next_size(size_t than)
{
	size_t pmd = thp_pmd_size();

	for (size_t size = than ? 2 * than : 2 * page_size(); size < pmd; size *= 2)
		if (size_enabled(size))
			return size;
	return 0;
}

/**
 * thp_enable_size - let memory that asks have folios of a smaller size
 * @settings: held by the caller, see settings_hold()
 * @size: in bytes, below a PMD's; nothing changes where there is no such size
 *
 * Where that may be changed, see settings_change(); thp_size_enabled()
 * tells.
 */
void thp_enable_size(struct settings *settings, size_t size)
{
	char path[128];

	path_of_size(path, sizeof(path), size);
	if (size < thp_pmd_size() && !access(path, F_OK))
		enable_size(settings, size);
}

/**
 * thp_enable_all_sizes - the same for each size that there is
 * @settings: held by the caller, see settings_hold()
 *
 * thp_next_size() tells.
 */
void thp_enable_all_sizes(struct settings *settings)
{
	for (size_t size = 2 * page_size(); size < thp_pmd_size(); size *= 2)
		thp_enable_size(settings, size);
}

/**
 * thp_zero_enabled - is memory that is only read to have the huge zero page?
 *
 * Return: true where the settings say so, and the size is fit for tests.
 */
bool thp_zero_enabled(void)
{
	return thp_enabled() && setting_is(THP "/use_zero_page", "1");
}

/**
 * thp_zero_enable - let memory that is only read have the huge zero page
 * @settings: held by the caller, see settings_hold()
 *
 * Where that may be changed, see settings_change(); thp_zero_enabled() tells.
 */
void thp_zero_enable(struct settings *settings)
{
	thp_enable(settings);
	if (setting_is(THP "/use_zero_page", "0"))
		change_setting(settings, THP "/use_zero_page", "1");
}

/* Since 6.11 each size has a setting of its own, which may be to inherit the common one. */
static void shmem_path(char *path, size_t len)
{
	snprintf(path, len, THP "/hugepages-%zukB/shmem_enabled", thp_pmd_size() >> 10);
}

/**
 * thp_shmem_enabled - may shared memory without a file have huge pages?
 *
 * By the machine's settings, see admin-guide/mm/transhuge.rst.
 *
 * Return: true where MADV_HUGEPAGE gets them, of a size fit for tests.
 */
bool thp_shmem_enabled(void)
{
	size_t size = thp_pmd_size();
	char path[128];

	if (!size || size > THP_MOST_BYTES ||
	    !setting_is(SHMEM, "always within_size advise force"))
		return false;
	shmem_path(path, sizeof(path));
	return !setting_is(path, "never");
}

/**
 * thp_shmem_enable - let shared memory that asks for it have huge pages
 * @settings: held by the caller, see settings_hold()
 *
 * Where that may be changed, see settings_change(); thp_shmem_enabled()
 * tells.
 */
void thp_shmem_enable(struct settings *settings)
{
	size_t size = thp_pmd_size();
	char path[128];

	if (!size || size > THP_MOST_BYTES)
		return;
	if (setting_is(SHMEM, "never deny"))
		change_setting(settings, SHMEM, "advise");
	shmem_path(path, sizeof(path));
	if (setting_is(path, "never"))
		change_setting(settings, path, "advise");
}
