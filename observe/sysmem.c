// SPDX-License-Identifier: GPL-2.0
/* The system's own accounts: /proc/meminfo, /proc/vmstat, and their noise. */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysinfo.h>
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

/* Where to add the number of a line; a name ends with a * that stands for the rest. */
struct line {
	const char *name;
	size_t at;
};

#define LINE(name, type, member)	{ name, offsetof(struct type, member) }

struct adding {
	const struct line *lines;
	size_t nr;
	void *to;
	uint32_t found;		/* a bit for each */
};

static void add_line(void *arg, const char *name, long long number)
{
	struct adding *adding = arg;

	for (size_t i = 0; i < adding->nr; i++) {
		const char *wanted = adding->lines[i].name;
		size_t same = 0;

		/* Before each case all lines of vmstat come by here: most differ at once. */
		while (wanted[same] && wanted[same] == name[same])
			same++;
		if (wanted[same] != '*' && (wanted[same] || name[same]))
			continue;
		*(long long *)((char *)adding->to + adding->lines[i].at) += number;
		adding->found |= 1U << i;
	}
}

/* @all: is it an error where one of them is missing? */
static int add_lines(const char *path, const struct line *lines, size_t nr, void *to, bool all)
{
	struct adding adding = { lines, nr, to, 0 };
	int ret = each_number(path, add_line, &adding);

	return ret ?: all && adding.found != (1U << nr) - 1 ? -ENODATA : 0;
}

#define ADD_LINES(path, lines, to) \
	add_lines(path, lines, sizeof(lines) / sizeof(*(lines)), to, false)
#define ADD_ALL_LINES(path, lines, to) \
	add_lines(path, lines, sizeof(lines) / sizeof(*(lines)), to, true)

/**
 * meminfo_read - read /proc/meminfo
 * @info: where to put it, in bytes
 *
 * The page counts behind it (AnonPages, Shmem, Cached, ...) may lag by
 * vmstat_drift_pages().  See filesystems/proc.rst.
 *
 * Return: 0, -errno, or -ENODATA where a line is missing: all kernels have these.
 */
int meminfo_read(struct meminfo *info)
{
	static const struct line lines[] = {
		LINE("MemTotal", meminfo, total),	LINE("MemFree", meminfo, free),
		LINE("Buffers", meminfo, buffers),	LINE("Cached", meminfo, cached),
		LINE("SReclaimable", meminfo, sreclaimable),
		LINE("AnonPages", meminfo, anon_pages),	LINE("Shmem", meminfo, shmem),
		LINE("SwapCached", meminfo, swap_cached),
		LINE("SwapTotal", meminfo, swap_total),	LINE("SwapFree", meminfo, swap_free),
	};
	int ret;

	memset(info, 0, sizeof(*info));
	ret = ADD_ALL_LINES("/proc/meminfo", lines, info);
	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++)
		*(long long *)((char *)info + lines[i].at) <<= 10;	/* it has kB */
	return ret;
}

/* One number of a file, -ENODATA where it has no such line, or another -errno. */
static long long number_of(const char *path, const char *name)
{
	const struct line line = { name, 0 };
	long long number = 0;
	int ret = add_lines(path, &line, 1, &number, true);

	return ret ?: number;
}

/**
 * meminfo_number - one number of /proc/meminfo
 * @name: of the line, e.g. "Committed_AS"
 *
 * Return: the number, in bytes, -ENODATA where no such line is, or another
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
 * Return: the number, -ENODATA where no such line is, or another -errno.
 */
long long vmstat_event(const char *name)
{
	return number_of("/proc/vmstat", name);
}

/* Zswap takes pages before a device sees them, and all-zero ones are but noted. */
#define SWAP_OUTS(type, member) \
	LINE("pswpout", type, member), LINE("zswpout", type, member), \
	LINE("swpout_zero", type, member)
#define SWAP_INS(type, member) \
	LINE("pswpin", type, member), LINE("zswpin", type, member), \
	LINE("swpin_zero", type, member)

/**
 * vmstat_swap_outs - count the pages that everybody had swapped out
 *
 * Wherever they went: to a swap area, into zswap, or, all zero, nowhere.
 *
 * Return: the number since boot, or -errno.
 */
long long vmstat_swap_outs(void)
{
	static const struct line lines[] = { SWAP_OUTS(traffic, swapped) };
	struct traffic traffic = { 0 };
	int ret = ADD_LINES("/proc/vmstat", lines, &traffic);

	return ret ?: traffic.swapped;
}

/**
 * cgroup_memory_stat - one number of a cgroup's memory.stat
 * @dir: of the cgroup
 * @name: of the line, e.g. "shmem"
 *
 * May lag by a batch of pages for each CPU; see admin-guide/cgroup-v2.rst.
 *
 * Return: the number, in bytes where it is an amount of memory; -ENODATA where
 * no such line is, or another -errno.
 */
long long cgroup_memory_stat(const char *dir, const char *name)
{
	char path[4200];

	snprintf(path, sizeof(path), "%s/memory.stat", dir);
	return number_of(path, name);
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
	static const struct line lines[] = {
		LINE("pgalloc_*", traffic, allocs),	/* one for each kind of zone */
		LINE("pgfree", traffic, frees),		LINE("pgfault", traffic, faults),
		SWAP_OUTS(traffic, swapped),		SWAP_INS(traffic, swapped),
	};
	int ret;

	memset(traffic, 0, sizeof(*traffic));
	ret = ADD_LINES("/proc/vmstat", lines, traffic);
	return ret ?: traffic->allocs ? 0 : -ENODATA;
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
	static const struct line lines[] = { { "count", 0 } };
	long long held = 0;
	int ret = ADD_LINES("/proc/zoneinfo", lines, &held);

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
	char *text = NULL;
	int ret = procfs_slurp("/proc/sys/vm/stat_refresh", &text, NULL);

	free(text);
	return ret;
}

/**
 * noise_read - count what has disturbed memory since boot
 * @noise: where to put the counts; all zero without /proc/vmstat
 */
void noise_read(struct noise *noise)
{
	static const struct line lines[] = {
		LINE("pgsteal_*", noise, count[RECLAIMED]),
		LINE("pgsteal_kswapd", noise, global),
		LINE("pgsteal_direct", noise, global),
		LINE("pgsteal_khugepaged", noise, global),
		LINE("pgsteal_proactive", noise, global),
		LINE("pgdemote_*", noise, count[MIGRATED]),
		LINE("pgmigrate_*", noise, count[MIGRATED]),
		LINE("numa_pages_migrated", noise, count[MIGRATED]),
		LINE("thp_collapse_alloc*", noise, count[HUGE]),
		LINE("slabs_scanned", noise, count[HUGE]),
		LINE("drop_slab", noise, count[HUGE]),
		LINE("drop_pagecache", noise, count[DROPPED]),
		LINE("kswapd_inodesteal", noise, count[DROPPED]),
		LINE("pginodesteal", noise, count[DROPPED]),
		LINE("numa_hint_faults", noise, count[HINTED]),
	};
	struct sysinfo info = { 0 };

	memset(noise, 0, sizeof(*noise));
	ADD_LINES("/proc/vmstat", lines, noise);
	sysinfo(&info);
	noise->swap = info.totalswap;
}

/**
 * noise_since - what has disturbed memory since an earlier count
 * @before: the earlier count
 * @delta: where to put the differences, and whether there is or was swap
 */
void noise_since(const struct noise *before, struct noise *delta)
{
	noise_read(delta);
	for (int i = 0; i < NR_DISTURBANCES; i++)
		delta->count[i] -= before->count[i];
	delta->global -= before->global;
	delta->swap |= before->swap;
}
