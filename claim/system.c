// SPDX-License-Identifier: GPL-2.0
/* Measuring what one step of a case does to the accounts of the whole system. */
#include <errno.h>
#include <time.h>

#include "../observe/cgroup.h"
#include "../observe/pagemap.h"
#include "attempt.h"
#include "system.h"

#define MOST_BYTES	(32UL << 20)
#define PART_OF_FREE	32
#define PATIENCE_NS	2000000000LL

#define UNREADABLE	"needs vmstat: /proc/meminfo, zoneinfo and vmstat with event counters"

static long long now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000LL + now.tv_nsec;
}

/* As many as it takes for the step not to drown in the kernel's per-CPU counts. */
static size_t pages_within(size_t most_bytes)
{
	size_t pages = system_step_pages(), most = most_bytes / page_size();
	/* Twice, see is_claimed(): a flush leaves what is free with its batches. */
	long enough = vmstat_flush() ? 16 * vmstat_drift_pages() : 2 * vmstat_zone_drift_pages();

	while (2 * pages <= most && enough > (long)pages)
		pages *= 2;
	return pages;
}

/**
 * system_pages - how many pages of memory a step should change
 *
 * Where @processes of struct system_change is set, twice as many.
 *
 * Return: 512 pages, or 4 MiB worth of them; more where there are many CPUs, up to
 * 32 MiB, or a part of what is free and the caller's if that is more.
 */
size_t system_pages(void)
{
	long long left = cgroup_memory_left(), part = meminfo_number("MemFree");

	part = (left < part ? left : part) / PART_OF_FREE;
	return pages_within(part > (long long)MOST_BYTES ? (size_t)part : MOST_BYTES);
}

/**
 * system_file_pages - how many pages of a file a step should change
 *
 * Return: as system_pages(), but 32 MiB at most, as file systems may be small.
 */
size_t system_file_pages(void)
{
	return pages_within(MOST_BYTES);
}

/* MemFree and the pages that CPUs hold back belong to one moment. */
static int read_meminfo(struct meminfo *info, long long *held)
{
	long long again = zoneinfo_held_pages();
	int ret = 0;

	for (int i = 0; i < 4; i++) {
		*held = again;
		ret = meminfo_read(info);
		again = zoneinfo_held_pages();
		if (ret || again == *held)
			break;
	}
	return again < 0 ? (int)again : ret;
}

static int take_reading(struct system_reading *reading)
{
	long long page = (long long)page_size(), held;
	struct meminfo info;
	int ret = read_meminfo(&info, &held);
#define ACCOUNT_BYTES(id, name, amount, expected, kind)				\
	[SYSTEM_##id] = (amount),
	const long long bytes[] = { SYSTEM_ACCOUNTS(ACCOUNT_BYTES) };

	reading->when = now_ns();
	reading->swap_cached = info.swap_cached;
	for (size_t i = 0; i < NR_SYSTEM_ACCOUNTS; i++)
		reading->pages[i] = bytes[i] / page;
	return ret;
}

/* What is not there, or closed, is want; what lacks a line is not. */
static void read_accounts(struct system_change *change, struct system_reading *reading)
{
	int ret = take_reading(reading);

	if (ret)
		change->inconclusive = UNREADABLE;
	if (ret == -ENODATA)
		change->unreadable = ret;
}

/**
 * system_before - read the accounts right before the step
 * @change: what system_round() was given
 */
void system_before(struct system_change *change)
{
	change->flushed = !vmstat_flush();
	if (!change->rounds) {
		change->drift = change->flushed ? 0 : vmstat_drift_pages();
		change->zone_drift = vmstat_zone_drift_pages();
	}
	read_accounts(change, &change->before[change->rounds]);
}

/**
 * system_after - read the accounts right after the step
 * @change: what system_round() was given
 */
void system_after(struct system_change *change)
{
	if (change->flushed)
		vmstat_flush();
	read_accounts(change, &change->after[change->rounds]);
}

/**
 * system_round - begin another round of a measurement, or judge it
 * @change: what is expected; all else zeroed before the first call
 *
 * Each round arranges its own state, has the step between system_before() and
 * system_after(), and leaves nothing behind.  Other than the pages that the
 * step takes or gives back, and @change->besides, it should touch little
 * memory: all of it is held to be somebody else's.  A quiet machine needs a
 * round or two; there are 128 at most, in two seconds.
 *
 * Return: true for another round; false once @change->inconclusive and
 * @change->amiss say how it came out, see CLAIM_SYSTEM_OR_SKIP().
 */
bool system_round(struct system_change *change)
{
	struct traffic now;
	bool another = true;

	/* Last round's pages may be freed late: all of it counts, to this moment. */
	if (vmstat_traffic(&now))
		change->inconclusive = UNREADABLE;
	/* The accounts are everybody's, page cache and all. */
	attempt_struck_by(RECLAIMED);
	attempt_struck_by(DROPPED);
	if (!change->deadline)
		change->deadline = now_ns() + PATIENCE_NS;
	else
		another = system_judge(change, &now, now_ns() > change->deadline);
	change->traffic = now;
	return another && !change->inconclusive;
}
