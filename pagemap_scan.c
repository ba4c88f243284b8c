// SPDX-License-Identifier: GPL-2.0
/*
 * PAGEMAP_SCAN: the same answers as pagemap, in regions of equal neighbours.
 *
 * Behaviour: admin-guide/mm/pagemap.rst.
 */
#include "claim/harness.h"
#include "act/privilege.h"
#include "claim/case.h"
#include "claim/states.h"

#define PAGES	BOARD_PAGES

VARIANTS_OF_SWAPPABLE(swappable);

/* ---- PAGEMAP_SCAN: the same answers as pagemap ---- */

/* What is asked of PAGEMAP_SCAN; what it should answer follows from pagemap. */
struct question {
	const char *name;
	uint64_t mask, inverted, anyof, want;
};

static const struct question questions[] = {
	{ "present", PAGE_IS_PRESENT, 0, 0, PAGE_IS_PRESENT },
	{ "swapped", PAGE_IS_SWAPPED, 0, 0, PAGE_IS_SWAPPED },
	{ "file", PAGE_IS_FILE, 0, 0, PAGE_IS_FILE },
	{ "any, told apart", 0, 0, PAGE_IS_PRESENT | PAGE_IS_SWAPPED,
	  PAGE_IS_PRESENT | PAGE_IS_SWAPPED | PAGE_IS_FILE | PAGE_IS_PFNZERO },
	{ "any, not told apart", 0, 0, PAGE_IS_PRESENT | PAGE_IS_SWAPPED, PAGE_IS_HUGE },
	{ "any, only swapped told", 0, 0, PAGE_IS_PRESENT | PAGE_IS_SWAPPED, PAGE_IS_SWAPPED },
	{ "not present", PAGE_IS_PRESENT, PAGE_IS_PRESENT, 0, PAGE_IS_PRESENT | PAGE_IS_SWAPPED },
	{ "neither", PAGE_IS_PRESENT | PAGE_IS_SWAPPED, PAGE_IS_PRESENT | PAGE_IS_SWAPPED, 0,
	  PAGE_IS_PRESENT | PAGE_IS_SWAPPED },
	{ "present, not zero", PAGE_IS_PRESENT | PAGE_IS_PFNZERO, PAGE_IS_PFNZERO, 0,
	  PAGE_IS_PRESENT | PAGE_IS_PFNZERO },
	{ "not present or zero", 0, PAGE_IS_PRESENT, PAGE_IS_PRESENT | PAGE_IS_PFNZERO,
	  PAGE_IS_PRESENT | PAGE_IS_PFNZERO },
	{ "everything", 0, 0, 0, PAGE_IS_PRESENT | PAGE_IS_SWAPPED | PAGE_IS_PFNZERO },
};

/* The categories of a page, from pagemap; 'Z' pages were only read. */
static uint64_t category_of(uint64_t entry, char state)
{
	return (entry & PM_PRESENT ? PAGE_IS_PRESENT : 0) |
	       (entry & PM_SWAP ? PAGE_IS_SWAPPED : 0) |
	       ((entry & (PM_PRESENT | PM_FILE)) == (PM_PRESENT | PM_FILE) ? PAGE_IS_FILE : 0) |
	       (state == 'Z' ? PAGE_IS_PFNZERO : 0);
}

static bool is_asked_for(const struct question *question, uint64_t category)
{
	category ^= question->inverted;
	return (category & question->mask) == question->mask &&
	       (!question->anyof || category & question->anyof);
}

/* Adds a page to a list of regions as the ioctl does: equal neighbours join. */
static size_t add_page(struct page_region *regions, size_t count, uint64_t addr,
		       uint64_t category)
{
	if (count && regions[count - 1].end == addr && regions[count - 1].categories == category) {
		regions[count - 1].end += page_size();
		return count;
	}
	regions[count] = (struct page_region){ addr, addr + page_size(), category };
	return count + 1;
}

static ssize_t regions_expected(const struct range *map, const char *states,
				const struct question *question, struct page_region *regions)
{
	uint64_t entries[PAGES];
	size_t count = 0;

	if (pagemap_read(0, map->addr, map->pages, entries))
		return -EIO;
	for (size_t i = 0; i < map->pages; i++) {
		uint64_t category = category_of(entries[i], states[i]);

		if (is_asked_for(question, category))
			count = add_page(regions, count, (uintptr_t)page_at(map, i),
					 category & question->want);
	}
	return (ssize_t)count;
}

static struct pm_scan_arg scan_arg(const struct range *map, const struct question *question,
				   struct page_region *regions, size_t max)
{
	return (struct pm_scan_arg){
		.size = sizeof(struct pm_scan_arg),
		.start = (uintptr_t)map->addr,
		.end = (uintptr_t)map->addr + map->len,
		.vec = (uintptr_t)regions,
		.vec_len = max,
		.category_mask = question->mask,
		.category_inverted = question->inverted,
		.category_anyof_mask = question->anyof,
		.return_mask = question->want,
	};
}

static const char *regions_amiss(const char *what, const struct page_region *expected,
				 ssize_t nr_expected, const struct page_region *seen,
				 ssize_t nr_seen)
{
	static char amiss[160];
	ssize_t i = 0;

	while (i < nr_expected && i < nr_seen &&
	       !memcmp(&expected[i], &seen[i], sizeof(*seen)))
		i++;
	if (nr_expected >= 0 && i == nr_expected && i == nr_seen)
		return "";
	snprintf(amiss, sizeof(amiss), "asked for %s: %zd regions for %zd, region %zd is wrong",
		 what, nr_seen, nr_expected, i);
	return amiss;
}

/*
 * The kernel collects as many regions as a PMD has pages, 32 or more, before it
 * hands them over. Where it went on after that, walk_end keeps the place of the
 * stop, though all has been seen.
 */
#define SCAN_STEP	32

static const char *scan_amiss(const struct range *map, const char *states,
			      const struct question *question)
{
	struct page_region expected[PAGES], seen[PAGES];
	struct pm_scan_arg arg = scan_arg(map, question, seen, PAGES);
	ssize_t nr_expected = regions_expected(map, states, question, expected);
	ssize_t nr_seen = pagemap_scan_with(0, &arg);

	if (nr_seen >= 0 && nr_seen < SCAN_STEP && arg.walk_end != arg.end)
		return "the scan ends early";
	return regions_amiss(question->name, expected, nr_expected, seen, nr_seen);
}

/* Ends in pages only read, one of them behind the page-table boundary. */
static void read_untouched(const struct range *map, char *states)
{
	for (size_t i = 0; i < map->pages; i++) {
		if (states[i] == '.' && i % 2) {
			load(page_at(map, i));
			states[i] = 'Z';
		}
	}
}

QUIET_TEST_F(swappable, scan_agrees_with_pagemap)
{
	static const char * const boards[] = { UNTOUCHED, CHECKERS, CHECKERS_OTHER };
	char states[PAGES + 1];
	struct range map;

	NEED_OR_SKIP(SCAN);
	NEED_OR_SKIP(SWAP);
	for (size_t i = 0; i < ARRAY_SIZE(boards); i++) {
		ASSERT_EQ(0, map_sharing(&map, PAGES, variant->how));
		scene_add("checkers", NULL, &map);
		memcpy(states, boards[i], sizeof(states));
		ASSERT_EQ(0, put_in_states(&map, states));
		/* Memory without a page table stays without. */
		if (variant->how == SHARE_NOT && strchr(states, 'P'))
			read_untouched(&map, states);
		for (size_t q = 0; q < ARRAY_SIZE(questions); q++) {
			CLAIM_STREQ("", scan_amiss(&map, states, &questions[q]));
		}
	}
}

QUIET_TEST_F(swappable, scan_agrees_without_privilege)
{
	struct range map;

	NEED_OR_SKIP(SCAN);
	NEED_OR_SKIP(SWAP);
	NEED_OR_SKIP(DROP);
	ASSERT_EQ(0, map_in_states(&map, variant->how, "checkers", CHECKERS));
	ASSERT_EQ(0, privilege_drop());
	for (size_t q = 0; q < ARRAY_SIZE(questions); q++) {
		CLAIM_STREQ("", scan_amiss(&map, CHECKERS, &questions[q]));
	}
}

QUIET_TEST_F(swappable, scan_reports_swapped_pages_of_private_memory_only)
{
	struct page_region region;
	struct range map;
	struct pm_scan_arg arg;

	NEED_OR_SKIP(SCAN);
	NEED_OR_SKIP(SWAP);
	ASSERT_EQ(0, map_swapped(&map, PAGES, variant->how));
	scene_add("swapped", NULL, &map);

	arg = scan_arg(&map, &questions[1], &region, 1);
	if (variant->how != SHARE_NOT) {
		CLAIM_EQ(0, pagemap_scan_with(0, &arg));
		return;
	}
	/* All of it is one region, the page-table boundary inside. */
	CLAIM_EQ(1, pagemap_scan_with(0, &arg));
	CLAIM_EQ((uintptr_t)map.addr, region.start);
	CLAIM_EQ((uintptr_t)map.addr + map.len, region.end);
	CLAIM_EQ(PAGE_IS_SWAPPED, region.categories);
}

/* How much one call may report: regions, and pages (0: as many as there are). */
VARIANTS_ONLY(scan_limit) { size_t regions, pages; };
FIXTURE_VARIANT_ADD(scan_limit, one_region)	{ .regions = 1 };
FIXTURE_VARIANT_ADD(scan_limit, three_regions)	{ .regions = 3 };
FIXTURE_VARIANT_ADD(scan_limit, one_page)	{ .regions = PAGES, .pages = 1 };
FIXTURE_VARIANT_ADD(scan_limit, five_pages)	{ .regions = PAGES, .pages = 5 };
FIXTURE_VARIANT_ADD(scan_limit, both)		{ .regions = 2, .pages = 3 };

/* Adds what one call reported to what those before did. */
static size_t add_regions(struct page_region *all, size_t count, const struct page_region *more,
			  ssize_t nr_more, size_t *pages)
{
	*pages = 0;
	for (ssize_t i = 0; i < nr_more; i++) {
		for (uint64_t at = more[i].start; at < more[i].end; at += page_size()) {
			count = add_page(all, count, at, more[i].categories);
			++*pages;
		}
	}
	return count;
}

QUIET_TEST_F(scan_limit, scan_stops_there_and_goes_on)
{
	const struct question *question = &questions[3];
	struct page_region expected[PAGES], all[PAGES], some[PAGES];
	size_t count = 0, pages;
	struct pm_scan_arg arg;
	struct range map;
	ssize_t found;

	NEED_OR_SKIP(SCAN);
	NEED_OR_SKIP(SWAP);
	ASSERT_EQ(0, map_in_states(&map, SHARE_NOT, "checkers", CHECKERS));

	arg = scan_arg(&map, question, some, variant->regions);
	arg.max_pages = variant->pages;
	do {
		found = pagemap_scan_with(0, &arg);
		ASSERT_LE(0, found);
		CLAIM_GE(variant->regions, (size_t)found);
		count = add_regions(all, count, some, found, &pages);
		CLAIM_TRUE(!variant->pages || pages <= variant->pages);
		CLAIM_TRUE(!found || arg.walk_end >= some[found - 1].end);
		/* Whatever was left out, it goes on. */
		ASSERT_LT(arg.start, arg.walk_end);
		arg.start = arg.walk_end;
	} while (arg.walk_end < arg.end);
	CLAIM_EQ(arg.end, arg.walk_end);

	CLAIM_STREQ("", regions_amiss(question->name, expected,
				      regions_expected(&map, CHECKERS, question, expected),
				      all, (ssize_t)count));
}

int main(int argc, char **argv)
{
	program_begin(argc, argv);
	provide_swap_and_stay();
	return test_harness_run(argc, argv);
}
