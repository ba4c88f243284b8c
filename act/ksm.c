// SPDX-License-Identifier: GPL-2.0
/* Having KSM merge pages, see admin-guide/mm/ksm.rst. */
#include <errno.h>
#include <stdlib.h>

#include "../observe/pagemap.h"
#include "../observe/procfs.h"
#include "ksm.h"
#include "patience.h"
#include "settings.h"

#define KSM	"/sys/kernel/mm/ksm"

/* Three rounds of a ksmd that has little to do take a tenth of this. */
#define PATIENCE_MS	3000
/* The kernel's defaults will do. */
#define FEWEST_PAGES	100
#define LONGEST_MS	20
/* Many pages in one go, for others may have some to merge, and hardly a pause. */
#define SCAN_PAGES	10000
#define SLEEP_MS	1
#define OTHER_SLEEP_MS	2
#define TEXT_OF(number)	TEXT_OF_TOKEN(number)
#define TEXT_OF_TOKEN(token) #token

/* Who had its pause changed, if anybody. */
static struct settings *hurried;

/**
 * ksm_runs - does ksmd come round?
 */
bool ksm_runs(void)
{
	return setting_is(KSM "/run", "1");
}

/**
 * ksm_run - have ksmd come round, and soon
 * @settings: held by the caller, see settings_hold()
 *
 * Where that may be changed, see settings_change(); ksm_runs() tells. Where
 * nothing was merged before, what is merged by then is taken apart in the end: a
 * ksmd that is stopped holds on to what is left of processes that are gone.
 */
void ksm_run(struct settings *settings)
{
	bool runs = ksm_runs(), unused = setting_is(KSM "/pages_shared", "0");
	unsigned long long number;

	if (!procfs_number(KSM "/pages_to_scan", &number) &&
	    number < (runs ? FEWEST_PAGES : SCAN_PAGES))
		settings_change(settings, KSM "/pages_to_scan", TEXT_OF(SCAN_PAGES));
	if (!procfs_number(KSM "/sleep_millisecs", &number) &&
	    number > (runs ? LONGEST_MS : SLEEP_MS) &&
	    !settings_change(settings, KSM "/sleep_millisecs", TEXT_OF(SLEEP_MS)))
		hurried = settings;
	if (!runs && !settings_change(settings, KSM "/run", "1") && unused)
		settings_note(settings, KSM "/run", "2");
}

/*
 * The shortest pause is a tick or two, several milliseconds; a pause that is
 * changed ends at once.
 */
static void end_pause(void)
{
	static bool other;

	other = !other;
	if (hurried)
		settings_change(hurried, KSM "/sleep_millisecs",
				other ? TEXT_OF(OTHER_SLEEP_MS) : TEXT_OF(SLEEP_MS));
}

/* How many pages are still apart, or -errno. */
static int pages_apart(const struct mapping *one, const struct mapping *other)
{
	uint64_t *entries = calloc(2 * one->pages, sizeof(*entries));
	int apart = -ENOMEM;

	if (entries)
		apart = pagemap_read(0, one->addr, one->pages, entries) ?:
			pagemap_read(0, other->addr, one->pages, entries + one->pages);
	for (size_t i = 0; entries && apart >= 0 && i < one->pages; i++)
		apart += pm_pfn(entries[i]) != pm_pfn(entries[one->pages + i]);
	free(entries);
	return apart;
}

/**
 * ksm_merge - have the pages of two mappings merged with each other
 * @one: a mapping
 * @other: another, of the same content
 *
 * ksmd does it when it comes round; who may not see frames cannot tell.
 *
 * Return: 0, -EAGAIN where it has not after three seconds, or -errno.
 */
int ksm_merge(const struct mapping *one, const struct mapping *other)
{
	long long deadline = patience_until(PATIENCE_MS);
	int apart;

	if (madvise(one->addr, one->len, MADV_MERGEABLE) ||
	    madvise(other->addr, other->len, MADV_MERGEABLE))
		return -errno;
	do {
		end_pause();
		apart = pages_apart(one, other);
	} while (apart > 0 && patience_left(deadline));
	return apart > 0 ? -EAGAIN : apart;
}
