// SPDX-License-Identifier: GPL-2.0
/* The system's own accounts: /proc/meminfo, /proc/vmstat, and their noise. */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "procfs.h"
#include "sysmem.h"

/* Calls @take with each "NAME: NUMBER" or "NAME NUMBER" line of a file. */
static int each_number(const char *path, void (*take)(void *, const char *, long long),
		       void *arg)
{
	char *text, *line, *next;
	int ret = procfs_slurp(path, &text, NULL);

	if (ret)
		return ret;
	for (line = text; *line; line = next) {
		char *number, *end;

		next = strchrnul(line, '\n');
		if (*next)
			*next++ = '\0';
		while (*line == ' ')
			line++;
		end = strchr(line, ':') ?: strchrnul(line, ' ');
		number = *end ? end + 1 : end;
		*end = '\0';
		take(arg, line, strtoll(number, NULL, 10));
	}
	free(text);
	return 0;
}

static const struct {
	const char *name;
	size_t at;
} meminfo_lines[] = {
	{ "MemTotal",		offsetof(struct meminfo, total) },
	{ "MemFree",		offsetof(struct meminfo, free) },
	{ "Buffers",		offsetof(struct meminfo, buffers) },
	{ "Cached",		offsetof(struct meminfo, cached) },
	{ "SwapCached",		offsetof(struct meminfo, swap_cached) },
	{ "SwapTotal",		offsetof(struct meminfo, swap_total) },
	{ "SwapFree",		offsetof(struct meminfo, swap_free) },
	{ "AnonPages",		offsetof(struct meminfo, anon_pages) },
	{ "Mapped",		offsetof(struct meminfo, mapped) },
	{ "Shmem",		offsetof(struct meminfo, shmem) },
	{ "SReclaimable",	offsetof(struct meminfo, sreclaimable) },
};

static void take_meminfo(void *arg, const char *name, long long number)
{
	for (size_t i = 0; i < sizeof(meminfo_lines) / sizeof(*meminfo_lines); i++)
		if (!strcmp(name, meminfo_lines[i].name))
			*(long long *)((char *)arg + meminfo_lines[i].at) = number << 10;
}

/**
 * meminfo_read - read /proc/meminfo
 * @info: where to put it, in bytes
 *
 * The page counts behind it (AnonPages, Shmem, Cached, ...) may lag by
 * vmstat_drift_pages().  See filesystems/proc.rst.
 *
 * Return: 0 or -errno.
 */
int meminfo_read(struct meminfo *info)
{
	memset(info, 0, sizeof(*info));
	return each_number("/proc/meminfo", take_meminfo, info);
}

struct wanted {
	const char *name;
	long long value;
};

static void take_wanted(void *arg, const char *name, long long number)
{
	struct wanted *wanted = arg;

	if (!strcmp(name, wanted->name))
		wanted->value = number;
}

/* One number of a file, -ENOENT where it has no such line, or another -errno. */
static long long number_of(const char *path, const char *name)
{
	struct wanted wanted = { .name = name, .value = -ENOENT };
	int ret = each_number(path, take_wanted, &wanted);

	return ret ?: wanted.value;
}

/**
 * meminfo_number - one number of /proc/meminfo
 * @name: of the line, e.g. "Committed_AS"
 *
 * Return: the number, in bytes, -ENOENT where no such line is, or another
 * -errno.
 */
long long meminfo_number(const char *name)
{
	long long number = number_of("/proc/meminfo", name);

	return number < 0 ? number : number << 10;
}

/**
 * vmstat_event - one number of /proc/vmstat
 * @name: of the line, e.g. "thp_fault_fallback"
 *
 * Event counters are summed exactly when read; they only grow.
 *
 * Return: the number, -ENOENT where no such line is, or another -errno.
 */
long long vmstat_event(const char *name)
{
	return number_of("/proc/vmstat", name);
}

static bool is_any(const char *name, const char * const names[])
{
	while (*names && strcmp(name, *names))
		names++;
	return *names;
}

/* Zswap takes pages before a device sees them, and all-zero ones are but noted. */
static const char * const swap_outs[] = { "pswpout", "zswpout", "swpout_zero", NULL };
static const char * const swap_ins[] = { "pswpin", "zswpin", "swpin_zero", NULL };

static void take_swap_outs(void *arg, const char *name, long long number)
{
	if (is_any(name, swap_outs))
		*(long long *)arg += number;
}

/**
 * vmstat_swap_outs - count the pages that everybody had swapped out
 *
 * Wherever they went: to a swap area, into zswap, or, all zero, nowhere.
 *
 * Return: the number since boot, or -errno.
 */
long long vmstat_swap_outs(void)
{
	long long pages = 0;
	int ret = each_number("/proc/vmstat", take_swap_outs, &pages);

	return ret ?: pages;
}

/**
 * cgroup_memory_stat - one number of a cgroup's memory.stat
 * @dir: of the cgroup
 * @name: of the line, e.g. "shmem"
 *
 * May lag by a batch of pages for each CPU; see admin-guide/cgroup-v2.rst.
 *
 * Return: the number, in bytes where it is an amount of memory; -ENOENT where
 * no such line is, or another -errno.
 */
long long cgroup_memory_stat(const char *dir, const char *name)
{
	char path[4200];

	snprintf(path, sizeof(path), "%s/memory.stat", dir);
	return number_of(path, name);
}

static void take_traffic(void *arg, const char *name, long long number)
{
	struct traffic *traffic = arg;

	/* One line for each kind of zone. */
	if (!strncmp(name, "pgalloc_", 8))
		traffic->allocs += number;
	if (!strcmp(name, "pgfree"))
		traffic->frees += number;
	if (!strcmp(name, "pgfault"))
		traffic->faults += number;
	if (is_any(name, swap_ins) || is_any(name, swap_outs))
		traffic->swapped += number;
}

/**
 * vmstat_traffic - count the pages that everybody takes and gives back
 * @traffic: where to put the counts
 *
 * Events are summed exactly when read, so the difference of two readings
 * bounds what page counts can have changed by in between.
 *
 * Return: 0, -errno, or -ENODATA without CONFIG_VM_EVENT_COUNTERS.
 */
int vmstat_traffic(struct traffic *traffic)
{
	int ret;

	memset(traffic, 0, sizeof(*traffic));
	ret = each_number("/proc/vmstat", take_traffic, traffic);
	return ret ?: traffic->allocs ? 0 : -ENODATA;
}

static void take_held(void *arg, const char *name, long long number)
{
	if (!strcmp(name, "count"))
		*(long long *)arg += number;
}

/**
 * zoneinfo_held_pages - free pages that MemFree does not know of
 *
 * Each CPU keeps pages at hand that are neither used nor free, and takes and
 * gives back a batch at a time; see the pagesets in /proc/zoneinfo.
 *
 * Return: how many there are, or -errno.
 */
long long zoneinfo_held_pages(void)
{
	long long held = 0;
	int ret = each_number("/proc/zoneinfo", take_held, &held);

	return ret ?: held;
}

struct threshold {
	long most;
	long sum;
	long cpus;
	long nodes;
};

static void take_threshold(void *arg, const char *name, long long number)
{
	struct threshold *found = arg;

	/* "Node 0, zone DMA" heads a zone; its "cpu: 0" lines one pageset each. */
	if (!strcmp(name, "Node") && number >= found->nodes)
		found->nodes = (long)number + 1;
	if (!strcmp(name, "cpu") && number >= found->cpus)
		found->cpus = (long)number + 1;
	if (!strcmp(name, "vm stats threshold")) {
		found->sum += (long)number;
		if (number > found->most)
			found->most = (long)number;
	}
}

/**
 * vmstat_drift_pages - how far a page count of meminfo may be off
 *
 * Each CPU holds a difference of up to the "vm stats threshold" of zoneinfo
 * back from each node's counter, and a difference of two readings can err at
 * both ends; see mm/vmstat.c.
 *
 * Return: the largest error of a difference of two readings, in pages, or
 * -errno where the kernel does not tell the threshold.
 */
long vmstat_drift_pages(void)
{
	struct threshold found = { .nodes = 1 };
	int ret = each_number("/proc/zoneinfo", take_threshold, &found);

	if (ret)
		return ret;
	return found.cpus ? 2 * found.most * found.cpus * found.nodes : -ENODATA;
}

/**
 * vmstat_zone_drift_pages - how far MemFree may be off
 *
 * As vmstat_drift_pages(), for what is counted by the zone: the batches of all
 * zones and CPUs together.  vmstat_flush() does not end this: it goes on to
 * move pages from the CPUs' lists to the zones after it has folded their
 * counts.
 *
 * Return: the largest error of a difference of two readings, in pages, or
 * -errno where the kernel does not tell the thresholds.
 */
long vmstat_zone_drift_pages(void)
{
	struct threshold found = { 0 };
	int ret = each_number("/proc/zoneinfo", take_threshold, &found);

	if (ret)
		return ret;
	return found.cpus ? 2 * found.sum : -ENODATA;
}

/**
 * vmstat_flush - have all CPUs fold their page counts into the global ones
 *
 * Reading /proc/sys/vm/stat_refresh does it and changes nothing else; see
 * admin-guide/sysctl/vm.rst.  Needs root.
 *
 * Return: 0 or -errno; then vmstat_drift_pages() applies.
 */
int vmstat_flush(void)
{
	char *text;
	int ret = procfs_slurp("/proc/sys/vm/stat_refresh", &text, NULL);

	if (!ret)
		free(text);
	return ret;
}

static const struct {
	const char *prefix;
	size_t at;
} noise_lines[] = {
	{ "pgsteal_kswapd",	offsetof(struct noise, reclaimed) },
	{ "pgsteal_direct",	offsetof(struct noise, reclaimed) },
	{ "pgsteal_khugepaged",	offsetof(struct noise, reclaimed) },
	{ "pgsteal_proactive",	offsetof(struct noise, reclaimed) },
	{ "pgdemote_",		offsetof(struct noise, migrated) },
	{ "pgmigrate_",		offsetof(struct noise, migrated) },
	{ "numa_hint_faults",	offsetof(struct noise, migrated) },
	{ "numa_pages_migrated", offsetof(struct noise, migrated) },
	{ "thp_collapse_alloc",	offsetof(struct noise, huge) },
	{ "thp_split_page",	offsetof(struct noise, huge) },
	{ "drop_pagecache",	offsetof(struct noise, dropped) },
	{ "kswapd_inodesteal",	offsetof(struct noise, dropped) },
	{ "pginodesteal",	offsetof(struct noise, dropped) },
	{ "pswpin",		offsetof(struct noise, swapped_in) },
	{ "zswpin",		offsetof(struct noise, swapped_in) },
	{ "swpin_zero",		offsetof(struct noise, swapped_in) },
};

/* For each line of vmstat before each case: most differ in the first letter. */
static void take_noise(void *arg, const char *name, long long number)
{
	for (size_t i = 0; i < sizeof(noise_lines) / sizeof(*noise_lines); i++) {
		const char *prefix = noise_lines[i].prefix;

		if (*name == *prefix && !strncmp(name, prefix, strlen(prefix)))
			*(long long *)((char *)arg + noise_lines[i].at) += number;
	}
}

/**
 * noise_read - count what has disturbed memory since boot
 * @noise: where to put the counts; all zero without /proc/vmstat
 */
void noise_read(struct noise *noise)
{
	unsigned long long merged = 0;

	memset(noise, 0, sizeof(*noise));
	if (each_number("/proc/vmstat", take_noise, noise))
		memset(noise, 0, sizeof(*noise));
	if (!procfs_number("/sys/kernel/mm/ksm/pages_sharing", &merged))
		noise->merged += (long long)merged;
}

/**
 * noise_since - what has disturbed memory since an earlier count
 * @before: the earlier count
 * @delta: where to put the differences
 *
 * Return: true where something took, moved or merged pages that the caller
 * did not ask for.  Swap-ins do not decide: a case may cause its own.
 */
bool noise_since(const struct noise *before, struct noise *delta)
{
	noise_read(delta);
	delta->reclaimed -= before->reclaimed;
	delta->migrated -= before->migrated;
	delta->huge -= before->huge;
	delta->merged -= before->merged;
	delta->dropped -= before->dropped;
	delta->swapped_in -= before->swapped_in;
	return delta->reclaimed || delta->migrated || delta->huge || delta->merged ||
	       delta->dropped;
}
