// SPDX-License-Identifier: GPL-2.0
/* Who and what a case is about, shown when a claim fails. */
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>

#include "../observe/pageline.h"
#include "../observe/pagemap.h"
#include "../observe/smaps.h"
#include "attempt.h"
#include "scene.h"

/* Equal neighbours make one line; past this many lines the rest is counted. */
#define MAX_LINES	16
#define MAX_PARTS	8

static struct part {
	const char *who;
	const struct peer *peer;
	const struct range *map;
} parts[MAX_PARTS];
static size_t nr_parts;
static const char *history;
static bool shown;
static bool data_told;

/**
 * scene_add - name a process and a mapping of it that the case is about
 * @who: its part, e.g. "parent"
 * @peer: the process, NULL for the caller
 * @map: the mapping, at the same place in that process
 *
 * All must stay valid until the case ends; past eight they are not shown.
 */
void scene_add(const char *who, const struct peer *peer, const struct range *map)
{
	if (nr_parts < MAX_PARTS)
		parts[nr_parts++] = (struct part){ who, peer, map };
}

/**
 * scene_clear - forget who and what was added
 *
 * For what is unmapped before the case ends.
 */
void scene_clear(void)
{
	nr_parts = 0;
}

/**
 * scene_history - name commits that touched what the case is about
 * @commits: e.g. "09854ba94c6a mm: do_wp_page() simplification"
 */
void scene_history(const char *commits)
{
	history = commits;
}

static void show_pages(const struct part *part, pid_t pid)
{
	uint64_t last = 0;
	size_t lines = 0;
	char text[512];

	for (size_t i = 0; i < part->map->pages; i++) {
		uint64_t entry = pagemap_entry(pid, page_at(part->map, i));

		if (i && !(entry & PM_PRESENT) && entry == last)
			continue;
		last = entry;
		if (lines++ >= MAX_LINES)
			continue;
		pageline_format(entry, text, sizeof(text));
		fprintf(stderr, "# %s: page %zu: %s\n", part->who, i, text);
	}
	if (lines > MAX_LINES)
		fprintf(stderr, "# %s: %zu more lines left out\n", part->who, lines - MAX_LINES);
}

static void show_part(const struct part *part)
{
	pid_t pid = part->peer ? part->peer->pid : 0;
	struct smaps smaps;
	char text[1024];

	if (part->peer && part->peer->line < 0) {
		fprintf(stderr, "# %s: is gone\n", part->who);
		return;
	}
	if (smaps_range(pid, part->map->addr, part->map->len, &smaps))
		snprintf(text, sizeof(text), "cannot be told");
	else
		smaps_format(&smaps, text, sizeof(text));
	fprintf(stderr, "# %s: smaps: %s\n", part->who, text);
	show_pages(part, pid);
}

/**
 * scene_show - print the scene, the first time it is called
 *
 * All of it is read again for that, and not what was claimed: it may have changed.
 */
void scene_show(void)
{
	if (shown)
		return;
	shown = true;
	if (nr_parts)
		fprintf(stderr, "# now:\n");
	for (size_t i = 0; i < nr_parts; i++)
		show_part(&parts[i]);
	if (history)
		fprintf(stderr, "# look at: %s\n", history);
}

/**
 * scene_data - pass on what CLAIM_DATA() is about
 * @seen: what a look at memory or a file came to. A signal is an answer, and so
 *	is that there is nothing to be read or written; other errors mean that
 *	there was no look, SIGKILL among them, which comes for want of memory.
 *
 * Return: @seen.
 */
long long scene_data(long long seen)
{
	data_told = seen >= 0 || seen == -EFAULT || seen == -EIO || seen == -ENODATA ||
		    (seen < FAULTED(0) && seen != FAULTED(SIGKILL));
	return seen;
}

/**
 * scene_zeros - look for a byte that is not zero
 * @addr: where memory of the caller's starts
 * @len: its length in bytes
 *
 * Return: "", or the first, until the next call.
 */
const char *scene_zeros(const void *addr, size_t len)
{
	const unsigned char *bytes = addr;
	static char text[64];
	size_t at = 0;

	data_told = true;
	if (all_zero(addr, len))
		return "";
	while (at + 1 < len && !bytes[at])
		at++;
	snprintf(text, sizeof(text), "byte %zu of %zu is %#x", at, len, bytes[at]);
	return text;
}

/**
 * scene_show_data - print the scene as scene_show() does, and have the case fail
 *
 * Pages come and go while others want memory; what is in them does not.
 */
void scene_show_data(void)
{
	scene_show();
	if (data_told)
		attempt_is_firm();
}
