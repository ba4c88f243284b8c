// SPDX-License-Identifier: GPL-2.0
/* The machine's settings of KSM, see admin-guide/mm/ksm.rst. */
#include "../observe/procfs.h"
#include "ksmd.h"
#include "settings.h"

#define KSM	"/sys/kernel/mm/ksm"

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
 * ksmd_run - have ksmd come round, and soon
 * @settings: held by the caller, see settings_hold()
 *
 * Where that may be changed, see settings_change(). Where nothing was merged
 * before, what is merged by then is taken apart in the end: a ksmd that is
 * stopped holds on to what is left of processes that are gone.
 *
 * Return: true where it does by now.
 */
bool ksmd_run(struct settings *settings)
{
	bool runs = setting_is(KSM "/run", "1"), unused = setting_is(KSM "/pages_shared", "0");
	unsigned long long number;

	if (!procfs_number(KSM "/pages_to_scan", &number) &&
	    number < (runs ? FEWEST_PAGES : SCAN_PAGES))
		settings_change(settings, KSM "/pages_to_scan", TEXT_OF(SCAN_PAGES));
	if (!procfs_number(KSM "/sleep_millisecs", &number) &&
	    number > (runs ? LONGEST_MS : SLEEP_MS) &&
	    !settings_change(settings, KSM "/sleep_millisecs", TEXT_OF(SLEEP_MS)))
		hurried = settings;
	if (!runs && settings_change(settings, KSM "/run", "1"))
		return false;
	if (!runs && unused)
		settings_note(settings, KSM "/run", "2");
	return true;
}

/**
 * ksmd_runs - is ksmd set to come round?
 */
bool ksmd_runs(void)
{
	return setting_is(KSM "/run", "1");
}

/**
 * ksmd_wake - have ksmd look again at once
 *
 * The shortest pause is a tick or two, several milliseconds; a pause that is
 * changed ends at once.  With none at all ksmd would hold its lock, and whoever
 * writes a setting wait for seconds.
 */
void ksmd_wake(void)
{
	static bool other;

	other = !other;
	if (hurried)
		settings_change(hurried, KSM "/sleep_millisecs",
				other ? TEXT_OF(OTHER_SLEEP_MS) : TEXT_OF(SLEEP_MS));
}
