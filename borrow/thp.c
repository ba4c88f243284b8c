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

/* Each size has settings of its own, which may be to inherit the common one. */
static void path_of_size(char path[128], size_t size, const char *setting)
{
	snprintf(path, 128, THP "/hugepages-%zukB/%s", size >> 10, setting);
}

/* Since 6.8. */
static bool size_enabled(size_t size)
{
	char path[128], value[32];

	path_of_size(path, size, "enabled");
	if (!setting_read(path, value, sizeof(value)))
		strcpy(value, size == thp_pmd_size() ? "inherit" : "never");
	if (!strcmp(value, "inherit"))
		return setting_is(THP "/enabled", "always madvise");
	return !strcmp(value, "always") || !strcmp(value, "madvise");
}

/*
 * Whether there are any decides how much memory the kernel keeps free, which it
 * reckons anew with each change and does not always put back.
 */
static bool change_setting(struct settings *settings, const char *path, const char *value)
{
	settings_keep(settings, SETTING_MIN_FREE);
	return !settings_change(settings, path, value);
}

static bool enable_size(struct settings *settings, size_t size, const char *otherwise)
{
	char path[128];

	path_of_size(path, size, "enabled");
	if (access(path, F_OK))
		path[0] = '\0';
	if (size_enabled(size))
		return true;
	/* What the kernel takes has to hold: if it does not, cases fail. */
	return (path[0] || otherwise) &&
		change_setting(settings, path[0] ? path : otherwise, "madvise");
}

static bool is_fit(size_t size)
{
	return size && size <= THP_MOST_BYTES;
}

/**
 * thp_enable - let memory that asks for it have PMD-sized pages
 * @settings: held by the caller, see settings_hold()
 *
 * Where that may be changed, see settings_change().
 *
 * Return: true where the settings say so by now, and the size is fit for tests.
 */
bool thp_enable(struct settings *settings)
{
	size_t size = thp_pmd_size();

	return is_fit(size) && enable_size(settings, size, THP "/enabled");
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
 * thp_enable_size - thp_enable() folios of a smaller size
 * @settings: held by the caller
 * @size: in bytes
 *
 * Return: true where the settings say so by now.
 */
bool thp_enable_size(struct settings *settings, size_t size)
{
	return size < thp_pmd_size() && enable_size(settings, size, NULL);
}

/**
 * thp_enable_all_sizes - thp_enable_size() each that there is
 * @settings: held by the caller
 *
 * Return: true where there is one; thp_next_size() has to find it.
 */
bool thp_enable_all_sizes(struct settings *settings)
{
	bool any = false;

	for (size_t size = 2 * page_size(); size < thp_pmd_size(); size *= 2)
		any |= thp_enable_size(settings, size);
	return any;
}

/**
 * thp_zero_enable - thp_enable(), and memory that is only read has the huge zero page
 * @settings: held by the caller
 *
 * Return: as thp_enable().
 */
bool thp_zero_enable(struct settings *settings)
{
	if (!thp_enable(settings))
		return false;
	return setting_is(THP "/use_zero_page", "1") ||
		change_setting(settings, THP "/use_zero_page", "1");
}

/**
 * thp_shmem_enable - thp_enable() for shared memory without a file
 * @settings: held by the caller
 *
 * Return: as thp_enable().
 */
bool thp_shmem_enable(struct settings *settings)
{
	size_t size = thp_pmd_size();
	char path[128];

	if (!is_fit(size))
		return false;
	if (!setting_is(SHMEM, "always within_size advise force") &&
	    !change_setting(settings, SHMEM, "advise"))
		return false;
	path_of_size(path, size, "shmem_enabled");	/* since 6.11 */
	return !setting_is(path, "never") || change_setting(settings, path, "advise");
}
