// SPDX-License-Identifier: GPL-2.0
/* The kernel's several accounts of one mapping, and of one process, held against each other. */
#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>

#include "../observe/kpage.h"
#include "../observe/pagemap.h"
#include "../observe/smaps.h"
#include "../observe/status.h"
#include "accounts.h"
#include "amiss.h"
#include "attempt.h"

/* What pagemap says of the pages of a mapping, counted. */
struct tally {
	size_t present;
	size_t zero;		/* of the present: the shared zero page */
	size_t swapped;
	bool zero_told;		/* could zero pages be told at all? */
};

/* Do both of pagemap's readers say the same of the pages of a region? */
static bool same_told(const struct page_region *region, const uint64_t *entries)
{
	uint64_t told = (region->categories & PAGE_IS_PRESENT ? PM_PRESENT : 0) |
			(region->categories & PAGE_IS_FILE ? PM_FILE : 0);

	/* pagemap calls the huge zero page a file's. */
	if (region->categories & PAGE_IS_PFNZERO)
		return true;
	for (size_t i = 0; i < (region->end - region->start) / page_size(); i++)
		if ((entries[i] & (PM_PRESENT | PM_FILE)) != told)
			return false;
	return true;
}

static const char *scan_zero(pid_t pid, const struct range *map, const uint64_t *entries,
			     struct tally *tally)
{
	struct page_region *regions = calloc(map->pages, sizeof(*regions));
	size_t present = 0;
	ssize_t found = -1;
	bool same = true;

	if (regions)
		found = pagemap_scan(pid, map->addr, map->pages, PAGE_IS_PRESENT, regions,
				     map->pages);
	for (ssize_t i = 0; i < found; i++) {
		size_t pages = (regions[i].end - regions[i].start) / page_size();
		size_t first = (regions[i].start - (uintptr_t)map->addr) / page_size();

		present += pages;
		if (regions[i].categories & PAGE_IS_PFNZERO)
			tally->zero += pages;
		same = same && same_told(&regions[i], entries + first);
	}
	free(regions);
	tally->zero_told = found >= 0;
	if (found < 0)
		return "";
	if (present != tally->present)
		return say_amiss("pagemap shows %zu pages present, PAGEMAP_SCAN %zu",
				 tally->present, present);
	if (!same)
		return say_amiss("pagemap and PAGEMAP_SCAN do not agree on what is a file's");
	return "";
}

static bool frame_is_zero(uint64_t entry, bool *told)
{
	uint64_t flags;

	if (pm_pfn(entry) && !kpage_flags(pm_pfn(entry), &flags)) {
		*told = true;
		return flags & KPF(ZERO_PAGE);
	}
	return false;
}

static const char *take_tally(pid_t pid, const struct range *map, struct tally *tally)
{
	uint64_t *entries = calloc(map->pages, sizeof(*entries));
	bool scan = pagemap_scan_supported();
	const char *amiss;

	*tally = (struct tally){ 0 };
	if (!entries || pagemap_read(pid, map->addr, map->pages, entries)) {
		free(entries);
		return "pagemap cannot be read";
	}
	for (size_t i = 0; i < map->pages; i++) {
		tally->present += !!(entries[i] & PM_PRESENT);
		tally->swapped += (entries[i] & (PM_SWAP | PM_PRESENT)) == PM_SWAP;
		if (entries[i] & PM_PRESENT && !scan)
			tally->zero += frame_is_zero(entries[i], &tally->zero_told);
	}
	amiss = scan ? scan_zero(pid, map, entries, tally) : "";
	free(entries);
	return amiss;
}

/**
 * accounts_amiss - look for a contradiction in what is said of a mapping
 * @pid: the process, 0 for the caller; nothing of it runs meanwhile
 * @map: a mapping of base pages, at the same place in that process
 *
 * smaps, read once, has to be consistent in itself, and with the entries of
 * pagemap: see filesystems/proc.rst.  The shared zero page is in pagemap and
 * not in Rss; where it cannot be told, only the inequality is looked at.
 *
 * Return: "" or what contradicts what.
 */
const char *accounts_amiss(pid_t pid, const struct range *map)
{
	size_t page = page_size();
	struct tally tally;
	const char *amiss;
	struct smaps s;

	amiss = take_tally(pid, map, &tally);
	if (*amiss)
		return amiss;
	if (smaps_range(pid, map->addr, map->len, &s))
		return "smaps cannot be read";
	/* The one is at most the other, or the same. */
	const struct {
		const char *one;
		size_t is;
		const char *other;
		size_t than;
		bool same;
	} rules[] = {
		{ "Rss", s.rss, "the sum of Shared_* and Private_*",
		  s.shared_clean + s.shared_dirty + s.private_clean + s.private_dirty, true },
		{ "Rss", s.rss, "what pagemap calls present",
		  (tally.present - tally.zero) * page, tally.zero_told },
		{ "Anonymous", s.anonymous, "Rss", s.rss, false },
		{ "Pss", s.pss, "Rss", s.rss, false },
		{ "Pss_Dirty", smaps_told(&s, pss_dirty, 0), "Pss", s.pss, false },
		{ "Pss_Dirty", smaps_told(&s, pss_dirty, 0), "Private_Dirty and Shared_Dirty",
		  s.private_dirty + s.shared_dirty, false },
		{ "Referenced", s.referenced, "Rss", s.rss, false },
		{ "what pagemap calls swapped", tally.swapped * page, "Swap", s.swap, false },
		{ "SwapPss", s.swap_pss, "Swap", s.swap, false },
	};

	for (size_t i = 0; i < sizeof(rules) / sizeof(*rules); i++)
		if (rules[i].is > rules[i].than || (rules[i].same && rules[i].is < rules[i].than))
			return say_amiss("%s is %zu kB, %s %zu kB", rules[i].one, rules[i].is >> 10,
					 rules[i].other, rules[i].than >> 10);
	return "";
}

/**
 * tell - read the accounts of a process
 * @pid: the process, 0 for the caller
 *
 * Return: what they tell, all of it -1 where there is no smaps_rollup.
 */
struct told tell(pid_t pid)
{
	long long page = (long long)page_size();
	struct smaps sum;
	size_t kinds;

	attempt_struck_by(RECLAIMED);	/* the program's text, if nothing else */
	if (smaps_rollup(pid, &sum))
		return (struct told){ -1, -1, -1, -1, -1 };
	kinds = sum.later.pss_anon + sum.later.pss_file + sum.later.pss_shmem;
	return (struct told){
		.status = status_number(pid, "RssAnon") / page,
		.resident = statm_number(pid, STATM_RESIDENT),
		.rollup = (long long)sum.rss / page,
		.rollup_anon = (long long)sum.anonymous / page,
		.pss_of_no_kind = smaps_tells(&sum, pss_anon) ?
				  ((long long)sum.pss - (long long)kinds) / 1024 : 0,
	};
}
