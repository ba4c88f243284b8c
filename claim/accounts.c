// SPDX-License-Identifier: GPL-2.0
/* The kernel's several accounts of one mapping, held against each other. */
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "../observe/kpage.h"
#include "../observe/pagemap.h"
#include "../observe/smaps.h"
#include "accounts.h"

static char complaint[256];

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
	const struct {
		uint64_t category, bits;
	} told[] = { { PAGE_IS_PRESENT, PM_PRESENT }, { PAGE_IS_FILE, PM_FILE } };

	/* pagemap calls the huge zero page a file's. */
	if (region->categories & PAGE_IS_PFNZERO)
		return true;
	for (size_t k = 0; k < sizeof(told) / sizeof(*told); k++) {
		bool scanned = region->categories & told[k].category;

		for (size_t i = 0; i < (region->end - region->start) / page_size(); i++)
			if (scanned != !!(entries[i] & told[k].bits))
				return false;
	}
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
		return NULL;
	if (present != tally->present)
		snprintf(complaint, sizeof(complaint),
			 "pagemap shows %zu pages present, PAGEMAP_SCAN %zu",
			 tally->present, present);
	else if (!same)
		snprintf(complaint, sizeof(complaint),
			 "pagemap and PAGEMAP_SCAN do not agree on what is a file's");
	else
		return NULL;
	return complaint;
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
	const char *trouble;

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
	trouble = scan ? scan_zero(pid, map, entries, tally) : NULL;
	free(entries);
	return trouble;
}

static const char *differ(const char *one, size_t a, const char *other, size_t b)
{
	snprintf(complaint, sizeof(complaint), "%s is %zu kB, %s %zu kB", one, a >> 10, other,
		 b >> 10);
	return complaint;
}

/**
 * accounts_disagree - look for a contradiction in what is said of a mapping
 * @pid: the process, 0 for the caller; nothing of it runs meanwhile
 * @map: a mapping of base pages, at the same place in that process
 *
 * smaps, read once, has to be consistent in itself, and with the entries of
 * pagemap: see filesystems/proc.rst.  The shared zero page is in pagemap and
 * not in Rss; where it cannot be told, only the inequality is looked at.
 *
 * Return: "" or what contradicts what.
 */
const char *accounts_disagree(pid_t pid, const struct range *map)
{
	size_t page = page_size(), parts;
	const char *trouble;
	struct tally tally;
	struct smaps s;

	trouble = take_tally(pid, map, &tally);
	if (trouble)
		return trouble;
	if (smaps_range(pid, map->addr, map->len, &s))
		return "smaps cannot be read";

	parts = s.shared_clean + s.shared_dirty + s.private_clean + s.private_dirty;
	if (s.rss != parts)
		return differ("Rss", s.rss, "the sum of Shared_* and Private_*", parts);
	if (tally.zero_told && s.rss != (tally.present - tally.zero) * page)
		return differ("Rss", s.rss, "what pagemap calls present",
			      (tally.present - tally.zero) * page);
	if (s.rss > tally.present * page)
		return differ("Rss", s.rss, "what pagemap calls present", tally.present * page);
	if (s.anonymous > s.rss)
		return differ("Anonymous", s.anonymous, "Rss", s.rss);
	if (s.pss > s.rss)
		return differ("Pss", s.pss, "Rss", s.rss);
	if (s.pss_dirty > s.pss)
		return differ("Pss_Dirty", s.pss_dirty, "Pss", s.pss);
	if (s.pss_dirty > s.private_dirty + s.shared_dirty)
		return differ("Pss_Dirty", s.pss_dirty, "Private_Dirty and Shared_Dirty",
			      s.private_dirty + s.shared_dirty);
	if (s.referenced > s.rss)
		return differ("Referenced", s.referenced, "Rss", s.rss);
	if (s.swap < tally.swapped * page)
		return differ("Swap", s.swap, "what pagemap calls swapped", tally.swapped * page);
	if (s.swap_pss > s.swap)
		return differ("SwapPss", s.swap_pss, "Swap", s.swap);
	return "";
}
