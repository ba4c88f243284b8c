// SPDX-License-Identifier: GPL-2.0
/*
 * None, present or swapped: what /proc/PID/pagemap says of a page, what it
 * cannot say of shared memory, and who tells the rest.
 *
 * Behaviour: admin-guide/mm/pagemap.rst, filesystems/proc.rst (smaps, VmSwap),
 * mincore(2), lseek(2), swapon(2), madvise(2), userfaultfd(2).
 */
#include <fcntl.h>

#include "claim/harness.h"
#include "act/pageout.h"
#include "act/touch.h"
#include "borrow/scratch.h"
#include "borrow/swaparea.h"
#include "claim/accounts.h"
#include "claim/case.h"
#include "claim/states.h"
#include "observe/kpage.h"
#include "observe/object.h"
#include "observe/patience.h"
#include "observe/status.h"
#include "observe/swaps.h"

#define PAGES	BOARD_PAGES

/* ---- memory that can be swapped ---- */

VARIANTS_OF_SWAPPABLE(swappable);

/*
 * A shared mapping and the object behind it.  A mapping from the middle of an
 * object has this many pages of it before and behind, all of them present in
 * the object where nothing else is said.
 */
#define OUTSIDE	8

VARIANTS_ONLY(object) { enum sharing how; bool middle; };
FIXTURE_VARIANT_ADD(object, shared)		{ .how = SHARE_ANONYMOUS };
FIXTURE_VARIANT_ADD(object, shared_middle)	{ .how = SHARE_ANONYMOUS, .middle = true };
FIXTURE_VARIANT_ADD(object, memfd)		{ .how = SHARE_MEMFD };
FIXTURE_VARIANT_ADD(object, memfd_middle)	{ .how = SHARE_MEMFD, .middle = true };

struct object_view {
	struct range map;
	off_t start;		/* of the mapping in the object, in bytes */
};

/* Unmaps what is outside of the middle; the object keeps it. */
static int cut_to_middle(struct object_view *object)
{
	size_t page = page_size(), outside = OUTSIDE * page;
	struct range *map = &object->map;

	for (size_t i = 0; i < OUTSIDE; i++) {
		store(page_at(map, i), 1);
		store(page_at(map, map->pages - 1 - i), 1);
	}
	if (munmap(map->addr, outside) || munmap(map->addr + map->len - outside, outside))
		return -errno;
	map->addr += outside;
	map->pages -= 2 * OUTSIDE;
	map->len = map->pages * page;
	object->start = (off_t)outside;
	return 0;
}

/* As map_in_states(). */
static int object_in_states(struct object_view *object, FIXTURE_VARIANT(object) which,
			    const char *name, const char *states)
{
	int ret = map_sharing(&object->map, PAGES + (which.middle ? 2 * OUTSIDE : 0), which.how);

	object->start = 0;
	if (!ret && which.middle)
		ret = cut_to_middle(object);
	if (!ret)
		scene_add(name, NULL, &object->map);
	return ret ?: put_in_states(&object->map, states);
}

/* A new memfd of which the middle is mapped, with no pages in it. */
static int map_memfd(struct range *map, size_t outside)
{
	int fd = scratch_file(SCRATCH_MEMFD, PAGES + 2 * outside);
	int ret = fd < 0 ? fd : map_across_tables(map, PAGES, PROT_READ | PROT_WRITE, MAP_SHARED,
						  fd, (off_t)(outside * page_size()));

	return ret ?: fd;
}

/* ---- private: none, present, swapped, present again ---- */

/* What is wrong with where swapped pages are said to be, "" if nothing. */
static const char *slots_amiss(const uint64_t *entries, size_t pages)
{
	const struct swaparea *ours = provided_area();
	size_t max = SIZE_MAX;
	struct swap_area area;

	/* The only one there is: then it is what the slots are in. */
	if (ours->ours && swaps_read(&area, 1) == 1)
		max = area.size / page_size();
	for (size_t i = 0; i < pages; i++) {
		/* The first slot of an area is its header. */
		if (!pm_swap_offset(entries[i]))
			return "a swapped page is in no slot";
		if (pm_swap_offset(entries[i]) > max)
			return "a slot is past the end of the area";
		/* The only area there is, made when there was none, is the first. */
		if (max != SIZE_MAX && pm_swap_type(entries[i]))
			return "the only area is not the first";
		for (size_t j = 0; j < i; j++)
			if (pm_pfn(entries[i]) == pm_pfn(entries[j]))
				return "two pages share a slot";
	}
	return "";
}

QUIET_TEST(private_pages_are_none_present_swapped_and_present_again)
{
	struct range map;
	size_t i;

	scene_history("da7f31ed0f4d: bits of entries that are not present");
	NEED_OR_SKIP(SWAP);
	ASSERT_EQ(0, map_sharing(&map, PAGES, SHARE_NOT));
	scene_add("swapped in turn", NULL, &map);
	CLAIM_EQ(PAGES, pagemap_count(0, map.addr, PAGES, ~PM_SOFT_DIRTY, 0));

	fill_pages(&map);
	CLAIM_STATES(ALL_PRESENT, &map, false);

	ASSERT_EQ(0, swap_out(&map));
	CLAIM_EQ(PAGES, pagemap_count(0, map.addr, PAGES, PM_ALL_STATE, PM_SWAP));
	CLAIM_ACCOUNTS_AGREE(0, &map);

	for (i = 0; i < PAGES; i++) {
		CLAIM_DATA(0, page_diff(&map, i));
		CLAIM_EQ(i + 1, pagemap_count(0, map.addr, PAGES, PM_ALL_STATE,
					      entry_of(false, 'P')));
	}
	CLAIM_ACCOUNTS_AGREE(0, &map);
}

QUIET_TEST(swapped_pages_tell_area_and_slot)
{
	uint64_t entries[PAGES], again[PAGES];
	struct range map;

	scene_history("ab676b7d6fbf: what pagemap tells whom");
	NEED_OR_SKIP(SWAP);
	NEED_OR_SKIP(PFN);
	ASSERT_EQ(0, map_in_states(&map, SHARE_NOT, "swapped", ALL_SWAPPED));

	ASSERT_EQ(0, pagemap_read(0, map.addr, PAGES, entries));
	CLAIM_STREQ("", slots_amiss(entries, PAGES));

	/* A page that stays out stays where it is. */
	CLAIM_DATA(pattern_byte(0, 1), load(map.addr));
	ASSERT_EQ(0, pagemap_read(0, map.addr, PAGES, again));
	CLAIM_EQ(0, memcmp(entries + 1, again + 1, sizeof(entries) - sizeof(*entries)));
}

QUIET_TEST(private_pages_are_told_apart_one_by_one)
{
	static const char * const boards[] = { CHECKERS, CHECKERS_OTHER };
	struct range map;

	scene_history("da7f31ed0f4d: bits of entries that are not present");
	NEED_OR_SKIP(SWAP);
	for (size_t i = 0; i < ARRAY_SIZE(boards); i++) {
		ASSERT_EQ(0, map_in_states(&map, SHARE_NOT, "checkers", boards[i]));
		CLAIM_STATES(boards[i], &map, false);
		CLAIM_ACCOUNTS_AGREE(0, &map);
		CLAIM_DATA(0, states_diff(&map, boards[i]));
	}
}

/* ---- shared: what pagemap cannot tell, and who can ---- */

QUIET_TEST_F(object, swapped_page_looks_untouched_in_pagemap)
{
	uint64_t untouched[PAGES], swapped[PAGES];
	struct object_view object;
	struct smaps s;

	NEED_OR_SKIP(SWAP);
	ASSERT_EQ(0, object_in_states(&object, *variant, "swapped", UNTOUCHED));
	ASSERT_EQ(0, pagemap_read(0, object.map.addr, PAGES, untouched));
	fill_pages(&object.map);
	CLAIM_STATES(ALL_PRESENT, &object.map, true);

	ASSERT_EQ(0, swap_out(&object.map));

	ASSERT_EQ(0, pagemap_read(0, object.map.addr, PAGES, swapped));
	for (size_t i = 0; i < PAGES; i++) {
		CLAIM_EQ(0, swapped[i] & ~PM_SOFT_DIRTY);
		CLAIM_EQ(untouched[i], swapped[i]);
	}
	ASSERT_EQ(0, smaps_range(0, object.map.addr, object.map.len, &s));
	CLAIM_EQ(object.map.len, s.swap);
	CLAIM_EQ(0, s.rss);
	CLAIM_ACCOUNTS_AGREE(0, &object.map);
	CLAIM_DATA(0, states_diff(&object.map, ALL_PRESENT));
	CLAIM_STATES(ALL_PRESENT, &object.map, true);
}

/* The pages that an object has data for, as letters: 'D', or '.' for a hole. */
static const char *data_by_page(int fd, const struct object_view *object)
{
	static char data[PAGES + 1];

	memset(data, 0, sizeof(data));
	for (size_t i = 0; i < object->map.pages; i++) {
		int has = object_has_data(fd, object->start + (off_t)(i * page_size()));

		data[i] = has < 0 ? '?' : has ? 'D' : '.';
	}
	return data;
}

/* The same, from one extent to the next: the other of lseek's two questions. */
static const char *data_by_extent(int fd, const struct object_view *object)
{
	off_t page = (off_t)page_size(), at = object->start, end;
	static char data[PAGES + 1];

	memset(data, '.', PAGES);
	while (object_next_extent(fd, &at, &end) == 1 && end > at) {
		for (; at < end; at += page) {
			off_t i = (at - object->start) / page;

			if (i >= 0 && i < PAGES)
				data[i] = at % page ? '?' : 'D';
		}
	}
	return data;
}

#define holders_of_data(states)	marked_states(states, "PSC", 'D')

QUIET_TEST_F(object, lseek_tells_swapped_from_untouched)
{
	static const char * const boards[] = { CHECKERS, CHECKERS_OTHER, CHECKERS_CACHED };
	struct object_view object;
	int fd;

	NEED_OR_SKIP(SWAP);
	NEED_OR_SKIP(MAP_FILES);
	for (size_t i = 0; i < ARRAY_SIZE(boards); i++) {
		ASSERT_EQ(0, object_in_states(&object, *variant, "checkers", boards[i]));
		CLAIM_STATES(boards[i], &object.map, true);

		fd = object_open(0, object.map.addr, object.map.len);
		ASSERT_LE(0, fd);
		CLAIM_STREQ(holders_of_data(boards[i]), data_by_page(fd, &object));
		CLAIM_STREQ(holders_of_data(boards[i]), data_by_extent(fd, &object));
		/* To ask has brought nothing back. */
		CLAIM_STATES(boards[i], &object.map, true);
		CLAIM_ACCOUNTS_AGREE(0, &object.map);
		close(fd);
		CLAIM_DATA(0, states_diff(&object.map, boards[i]));
	}
}

/* A memfd can be asked without any privilege, by its own descriptor. */
QUIET_TEST(lseek_on_a_memfd_tells_swapped_from_untouched)
{
	struct object_view object = { .start = OUTSIDE * (off_t)page_size() };
	int fd;

	NEED_OR_SKIP(SWAP);
	NEED_OR_SKIP(MEMFD);
	fd = map_memfd(&object.map, OUTSIDE);
	ASSERT_LE(0, fd);
	scene_add("checkers", NULL, &object.map);
	ASSERT_EQ(0, put_in_states(&object.map, CHECKERS));

	CLAIM_STREQ(holders_of_data(CHECKERS), data_by_page(fd, &object));
	CLAIM_STREQ(holders_of_data(CHECKERS), data_by_extent(fd, &object));
	CLAIM_EQ(0, object_has_data(fd, 0));
	CLAIM_EQ(0, object_has_data(fd, object.start - (off_t)page_size()));
	CLAIM_EQ(0, object_has_data(fd, object.start + (off_t)object.map.len));
	CLAIM_STATES(CHECKERS, &object.map, true);
}

/* ---- mincore: in memory, or not ---- */

/* Pages of a mapping by mincore(), page by page: 'M' in memory, else '.'. */
static const char *resident_by_page(const struct range *map)
{
	static char seen[PAGES + 1];

	memset(seen, 0, sizeof(seen));
	for (size_t i = 0; i < map->pages; i++) {
		int resident = memory_resident(page_at(map, i));

		seen[i] = resident < 0 ? '?' : resident ? 'M' : '.';
	}
	return seen;
}

/* The same in one call. */
static const char *resident_at_once(const struct range *map)
{
	static char seen[PAGES + 1];
	unsigned char vec[PAGES];

	if (mincore(map->addr, map->len, vec))
		return "mincore fails";
	for (size_t i = 0; i < map->pages; i++)
		seen[i] = vec[i] & 1 ? 'M' : '.';
	return seen;
}

#define in_memory(states)	marked_states(states, "PC", 'M')

/* Pages in the swap cache of the machine, at most, or -errno. */
static long long swap_cached_pages(void)
{
	long lag = vmstat_flush() ? vmstat_drift_pages() : 0;
	struct meminfo info;
	int ret = meminfo_read(&info);

	return ret ?: info.swap_cached / (long long)page_size() + (lag > 0 ? lag : 0);
}

/*
 * A page that was written to a disk stays in the swap cache, and so in memory,
 * until somebody looks for memory; zram is done at once.  Read back, a private
 * page is clean and can be dropped on the spot when it goes out again.
 */
static int leave_swap_cache(const struct range *map, const char *states)
{
	int ret = 0;

	for (size_t i = 0; i < map->pages && !ret; i++)
		if (states[i] == 'S' && memory_resident(page_at(map, i)) == 1)
			ret = load(page_at(map, i)) < 0 ? -EFAULT : pageout(page_at(map, i), 1);
	return ret;
}

/* What mincore() saw, but for as many swapped pages as the swap cache can have. */
static const char *less_swap_cached(const char *seen, const char *states)
{
	long long cached = swap_cached_pages();
	static char less[PAGES + 1];

	for (size_t i = 0; i < PAGES; i++)
		less[i] = states[i] == 'S' && seen[i] == 'M' && cached-- > 0 ? '.' : seen[i];
	return less;
}

QUIET_TEST_F(swappable, mincore_tells_in_memory_from_swapped_and_untouched)
{
	bool shared = variant->how != SHARE_NOT;
	const char *states = shared ? CHECKERS_CACHED : CHECKERS;
	/* Of shared memory the middle: a page's index in the object is another one. */
	const FIXTURE_VARIANT(object) which = { variant->how, shared };
	struct object_view object;
	struct range map;

	NEED_OR_SKIP(SWAP);
	ASSERT_EQ(0, object_in_states(&object, which, "checkers", states));
	map = object.map;
	if (!shared) {
		ASSERT_EQ(0, leave_swap_cache(&map, states));
	}

	CLAIM_STREQ(in_memory(states), less_swap_cached(resident_by_page(&map), states));
	CLAIM_STREQ(in_memory(states), less_swap_cached(resident_at_once(&map), states));
	/* To ask has brought nothing back. */
	CLAIM_STATES(states, &map, shared);
	CLAIM_DATA(0, states_diff(&map, states));
}

/*
 * Two processes share a swapped page.  When one of them has read it back, the
 * swap cache holds it for the other: swapped, and yet in memory.
 */
QUIET_TEST(page_in_the_swap_cache_is_swapped_and_in_memory)
{
	uint64_t entry, flags, count;
	struct range map;
	struct peer child;

	NEED_OR_SKIP(SWAP);
	NEED_OR_SKIP(KPAGE);
	ASSERT_EQ(0, map_in_states(&map, SHARE_NOT, "parent", CHECKERS));
	ASSERT_EQ(0, peer_fork(&child));
	scene_add("child", &child, &map);

	for (size_t i = 0; i < PAGES; i++) {
		if (CHECKERS[i] != 'S')
			continue;
		CLAIM_DATA(pattern_byte(0, (unsigned int)i + 1),
			   load_in(&child, page_at(&map, i)));
		entry = pagemap_entry(child.pid, page_at(&map, i));
		CLAIM_EQ(PM_PRESENT, entry & PM_STATE);
		ASSERT_NE(0, pm_pfn(entry));
		ASSERT_EQ(0, kpage_flags(pm_pfn(entry), &flags));
		ASSERT_EQ(0, kpage_count(pm_pfn(entry), &count));
		CLAIM_EQ(KPF(SWAPCACHE) | KPF(ANON) | KPF(MMAP) | KPF(SWAPBACKED),
			 flags & (KPF(SWAPCACHE) | KPF(ANON) | KPF(MMAP) | KPF(SWAPBACKED)));
		CLAIM_EQ(1, count);
		CLAIM_EQ(PM_SWAP, pagemap_entry(0, page_at(&map, i)) & PM_ALL_STATE);
		CLAIM_EQ(1, memory_resident(page_at(&map, i)));
	}
	CLAIM_DATA(0, peer_exit(&child));
	CLAIM_DATA(0, states_diff(&map, CHECKERS));
}

/* ---- in the page cache, and not mapped here ---- */

/* How the object comes to have pages that this mapping has not. */
enum populate { BY_A_PEER, BY_ANOTHER_MAPPING, BY_DROPPING_OURS };

VARIANTS_ONLY(unmapped) { enum populate how; };
FIXTURE_VARIANT_ADD(unmapped, by_a_peer)		{ .how = BY_A_PEER };
FIXTURE_VARIANT_ADD(unmapped, by_another_mapping)	{ .how = BY_ANOTHER_MAPPING };
FIXTURE_VARIANT_ADD(unmapped, by_dropping_ours)		{ .how = BY_DROPPING_OURS };

#define CACHED_ONLY	".C.CC..C...CCCC.C.CC..CCC.C..C.CC..CC..C.CCC..C.C.CCC.C..CC.C.C."

static long do_fill_cached(void *addr, size_t len, long arg)
{
	struct range map = { .addr = addr, .len = len, .pages = len / page_size() };

	(void)arg;
	for (size_t i = 0; i < map.pages; i++)
		if (CACHED_ONLY[i] != '.')
			fill_page(&map, i);
	return 0;
}

static int populate(const struct range *map, int fd, enum populate how, struct peer *peer)
{
	struct range other;

	if (how == BY_A_PEER)
		return (int)peer_call(peer, do_fill_cached, map->addr, map->len, 0);
	if (how == BY_DROPPING_OURS)
		return put_in_states(map, CACHED_ONLY);
	return map_pages(&other, map->pages, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0) ?:
	       (int)do_fill_cached(other.addr, other.len, 0);
}

QUIET_TEST_F(unmapped, page_in_memory_but_not_mapped_is_a_fourth_state)
{
	struct object_view object = { .start = 0 };
	struct peer peer;
	struct smaps s;
	int fd;

	NEED_OR_SKIP(MEMFD);
	fd = map_memfd(&object.map, 0);
	ASSERT_LE(0, fd);
	scene_add("ours", NULL, &object.map);
	ASSERT_EQ(0, peer_fork(&peer));
	scene_add("peer", &peer, &object.map);

	ASSERT_DONE(populate(&object.map, fd, variant->how, &peer));

	CLAIM_EQ(PAGES, pagemap_count(0, object.map.addr, PAGES, ~PM_SOFT_DIRTY, 0));
	CLAIM_STREQ(holders_of_data(CACHED_ONLY), data_by_page(fd, &object));
	CLAIM_STREQ(holders_of_data(CACHED_ONLY), data_by_extent(fd, &object));
	CLAIM_STREQ(in_memory(CACHED_ONLY), resident_by_page(&object.map));
	CLAIM_STREQ(in_memory(CACHED_ONLY), resident_at_once(&object.map));
	ASSERT_EQ(0, smaps_range(0, object.map.addr, object.map.len, &s));
	CLAIM_EQ(0, s.rss + s.swap);
	CLAIM_ACCOUNTS_AGREE(0, &object.map);
	CLAIM_DATA(0, states_diff(&object.map, CACHED_ONLY));
}

/* ---- smaps and status: how much is swapped ---- */

#define swap_of(map)	smaps_amount(0, (map)->addr, (map)->len, swap)

QUIET_TEST(swap_of_private_memory_counts_its_entries)
{
	size_t page = page_size(), swapped = count_states(CHECKERS, 0, PAGES, 'S');
	size_t left = swapped;
	struct range map;
	struct smaps s;

	NEED_OR_SKIP(SWAP);
	ASSERT_EQ(0, map_in_states(&map, SHARE_NOT, "checkers", CHECKERS));

	CLAIM_SWAP(0, &map, swapped * page, swapped * page);
	ASSERT_EQ(0, smaps_range(0, map.addr, map.len, &s));
	CLAIM_EQ(count_states(CHECKERS, 0, PAGES, 'P') * page, s.rss);
	CLAIM_EQ(s.rss, s.anonymous);

	for (size_t i = 0; i < PAGES; i++) {
		ASSERT_ANSWER(load(page_at(&map, i)));
		if (CHECKERS[i] != 'S')
			continue;
		left--;
		CLAIM_SWAP(0, &map, left * page, left * page);
	}
	CLAIM_ACCOUNTS_AGREE(0, &map);
}

QUIET_TEST(swap_of_private_memory_follows_what_is_given_back)
{
	size_t page = page_size();
	struct range map;

	NEED_OR_SKIP(SWAP);
	ASSERT_EQ(0, map_in_states(&map, SHARE_NOT, "given back", ALL_SWAPPED));

	ASSERT_EQ(0, madvise(page_at(&map, 30), 4 * page, MADV_DONTNEED));
	CLAIM_EQ(60 * page, swap_of(&map));
	CLAIM_EQ(4, pagemap_count(0, page_at(&map, 30), 4, ~PM_SOFT_DIRTY, 0));
	CLAIM_ZEROS(page_at(&map, 30), 4 * page);
	CLAIM_EQ(60 * page, swap_of(&map));

	ASSERT_EQ(0, munmap(page_at(&map, 40), 10 * page));
	CLAIM_EQ(50 * page, swap_of(&map));
	CLAIM_EQ(36 * page, smaps_amount(0, map.addr, 40 * page, swap));
	CLAIM_EQ(14 * page, smaps_amount(0, page_at(&map, 50), 14 * page, swap));
	CLAIM_EQ(14 * page, smaps_amount(0, page_at(&map, 50), 14 * page, swap_pss));

	ASSERT_EQ(0, mprotect(page_at(&map, 8), 8 * page, PROT_NONE));
	CLAIM_DATA(FAULTED(SIGSEGV), load(page_at(&map, 8)));
	CLAIM_EQ(50 * page, swap_of(&map));
	ASSERT_EQ(0, mprotect(page_at(&map, 8), 8 * page, PROT_READ | PROT_WRITE));
	CLAIM_EQ(50 * page, swap_of(&map));
	for (size_t i = 0; i < PAGES; i++) {
		if (i < 30 || (i > 33 && i < 40) || i > 49) {
			CLAIM_DATA(0, page_diff(&map, i));
		}
	}
	CLAIM_EQ(0, swap_of(&map));
}

QUIET_TEST_F(object, swap_counts_the_swapped_pages_of_the_range)
{
	size_t page = page_size(), left = count_states(CHECKERS_CACHED, 0, PAGES, 'S');
	struct object_view object;

	scene_history("10c848c8b480, 02399c88024f: smaps Swap of shared memory with holes");
	NEED_OR_SKIP(SWAP);
	ASSERT_EQ(0, object_in_states(&object, *variant, "checkers", CHECKERS_CACHED));
	CLAIM_ACCOUNTS_AGREE(0, &object.map);

	for (size_t i = 0; i < PAGES; i++) {
		if (CHECKERS_CACHED[i] != 'S')
			continue;
		CLAIM_SWAP(0, &object.map, left * page, 0);
		ASSERT_ANSWER(load(page_at(&object.map, i)));
		left--;
	}
	CLAIM_EQ(0, swap_of(&object.map));
	CLAIM_ACCOUNTS_AGREE(0, &object.map);
}

/* Which pages of a swapped object another mapping of it shows. */
VARIANTS_ONLY(window) { size_t first, pages; };
FIXTURE_VARIANT_ADD(window, whole)		{ .first = 0, .pages = PAGES };
FIXTURE_VARIANT_ADD(window, first_page)		{ .first = 0, .pages = 1 };
FIXTURE_VARIANT_ADD(window, last_page)		{ .first = PAGES - 1, .pages = 1 };
FIXTURE_VARIANT_ADD(window, head)		{ .first = 0, .pages = 29 };
FIXTURE_VARIANT_ADD(window, middle)		{ .first = 3, .pages = 41 };
FIXTURE_VARIANT_ADD(window, tail)		{ .first = 35, .pages = PAGES - 35 };

QUIET_TEST_F(window, swap_counts_its_own_part_of_the_object)
{
	size_t page = page_size(), inside;
	struct range full, part;
	int fd;

	NEED_OR_SKIP(SWAP);
	NEED_OR_SKIP(MEMFD);
	fd = map_memfd(&full, 0);
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, map_across_tables(&part, variant->pages, PROT_READ, MAP_SHARED, fd,
				       (off_t)(variant->first * page)));
	scene_add("object", NULL, &full);
	scene_add("part of it", NULL, &part);
	ASSERT_EQ(0, put_in_states(&full, CHECKERS));

	inside = count_states(CHECKERS, variant->first, variant->pages, 'S');
	CLAIM_SWAP(0, &part, inside * page, 0);
	CLAIM_EQ(count_states(CHECKERS, 0, PAGES, 'S') * page, swap_of(&full));

	/* What is punched out of the object is not in swap any more, for anyone. */
	ASSERT_EQ(0, madvise(page_at(&full, variant->first), page, MADV_REMOVE));
	ASSERT_EQ(0, madvise(page_at(&full, variant->first + variant->pages - 1), page,
			     MADV_REMOVE));
	for (size_t i = variant->first; i < variant->first + variant->pages; i++)
		if (CHECKERS[i] == 'S' && (i == variant->first ||
					   i == variant->first + variant->pages - 1))
			inside--;
	CLAIM_EQ(inside * page, swap_of(&part));
	CLAIM_ZEROS(part.addr, page);
	CLAIM_ZEROS(page_at(&part, part.pages - 1), page);
}

/*
 * A private mapping of an object shows the object's pages where it has no
 * copies of its own, and so the object's swapped pages count in its Swap; of
 * its own entries SwapPss knows, too.
 */
QUIET_TEST_F(window, private_mapping_counts_what_it_has_not_copied)
{
	size_t page = page_size(), copies = variant->pages > 8 ? 8 : 0, inside;
	struct range full, part;
	int fd;

	scene_history("10c848c8b480, 02399c88024f: smaps Swap of shared memory with holes");
	NEED_OR_SKIP(SWAP);
	NEED_OR_SKIP(MEMFD);
	fd = map_memfd(&full, 0);
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, map_across_tables(&part, variant->pages, PROT_READ | PROT_WRITE,
				       MAP_PRIVATE, fd, (off_t)(variant->first * page)));
	scene_add("object", NULL, &full);
	scene_add("private part of it", NULL, &part);
	/* Copies first, half of them swapped out: the object is put in order behind. */
	for (size_t i = 0; i < copies; i++) {
		ASSERT_DONE(store(page_at(&part, part.pages / 2 + i), (uint8_t)(i + 1)));
	}
	if (copies) {
		ASSERT_EQ(0, pageout(page_at(&part, part.pages / 2 + 4), 4));
	}
	ASSERT_EQ(0, put_in_states(&full, CHECKERS));

	inside = count_states(CHECKERS, variant->first, variant->pages, 'S');
	if (copies)
		inside -= count_states(CHECKERS, variant->first + part.pages / 2, copies, 'S');
	CLAIM_SWAP(0, &part, (inside + copies / 2) * page, copies / 2 * page);
	CLAIM_EQ(count_states(CHECKERS, 0, PAGES, 'S') * page, swap_of(&full));
	for (size_t i = 0; i < copies; i++) {
		CLAIM_DATA((int)i + 1, load(page_at(&part, part.pages / 2 + i)));
	}
	CLAIM_SWAP(0, &part, inside * page, 0);
}

QUIET_TEST(rollup_sums_the_swap_of_all_mappings)
{
	struct range private, shared;
	struct smaps sum, rollup;

	scene_history("27dd768ed8db: a sum that was wrong in smaps_rollup alone");
	NEED_OR_SKIP(SWAP);
	ASSERT_EQ(0, map_in_states(&private, SHARE_NOT, "private", CHECKERS));
	ASSERT_EQ(0, map_in_states(&shared, SHARE_ANONYMOUS, "shared", CHECKERS_CACHED));

	ASSERT_EQ(0, smaps_range(0, NULL, SIZE_MAX, &sum));
	ASSERT_EQ(0, smaps_rollup(0, &rollup));

	CLAIM_EQ(sum.swap, rollup.swap);
	CLAIM_EQ(sum.swap_pss, rollup.swap_pss);
	CLAIM_LE((count_states(CHECKERS, 0, PAGES, 'S') +
		  count_states(CHECKERS_CACHED, 0, PAGES, 'S')) * page_size(), rollup.swap);
	CLAIM_LE(count_states(CHECKERS, 0, PAGES, 'S') * page_size(), rollup.swap_pss);
	CLAIM_GT(rollup.swap, rollup.swap_pss);
}

/* How much VmSwap and RssAnon may be off, status_lag_pages(); a signal is four times that. */
#define CLAIM_VMSWAP(pid, pages)						\
	CLAIM_NEAR((long long)((pages) * page_size()), status_number(pid, "VmSwap"), \
		   status_lag_pages() * (long long)page_size())

QUIET_TEST(vmswap_follows_every_way_out_of_swap)
{
	size_t many = 4 * (size_t)status_lag_pages(), page = page_size();
	struct range map;
	struct peer child;
	long long came;

	scene_history("f1a7941243c1: how exact the counters of status are");
	NEED_OR_SKIP(SWAP);
	CLAIM_VMSWAP(0, 0);
	ASSERT_EQ(0, map_swapped(&map, 2 * many, SHARE_NOT));
	CLAIM_VMSWAP(0, 2 * many);
	came = -status_number(0, "RssAnon");

	/* One quarter is read back, one given back, one unmapped. */
	for (size_t i = 0; i < many / 2; i++) {
		ASSERT_ANSWER(load(page_at(&map, i)));
	}
	CLAIM_VMSWAP(0, 3 * many / 2);
	ASSERT_EQ(0, madvise(page_at(&map, many / 2), many / 2 * page, MADV_DONTNEED));
	CLAIM_VMSWAP(0, many);
	ASSERT_EQ(0, peer_fork(&child));
	CLAIM_VMSWAP(child.pid, many);
	ASSERT_EQ(0, munmap(page_at(&map, many), many / 2 * page));
	CLAIM_VMSWAP(0, many / 2);
	CLAIM_VMSWAP(child.pid, many);
	for (size_t i = 0; i < many / 2; i++) {
		ASSERT_DONE(store(page_at(&map, 3 * many / 2 + i), 1));
	}
	CLAIM_VMSWAP(0, 0);
	CLAIM_DATA(0, peer_exit(&child));
	/* Half of it is there again. */
	came += status_number(0, "RssAnon");
	CLAIM_GE(status_drift_pages() * (long long)page, llabs(came - (long long)(many * page)));
}

QUIET_TEST_F(swappable, vmswap_counts_private_entries_only)
{
	size_t many = 4 * (size_t)status_lag_pages();
	struct range map;

	NEED_OR_SKIP(SWAP);
	ASSERT_EQ(0, map_swapped(&map, many, variant->how));
	CLAIM_EQ(many * page_size(), swap_of(&map));
	CLAIM_VMSWAP(0, variant->how == SHARE_NOT ? many : 0);
	for (size_t i = 0; i < many; i++) {
		CLAIM_DATA((uint8_t)(i + 1), load(page_at(&map, i) + i % 64));
	}
	CLAIM_VMSWAP(0, 0);
	CLAIM_EQ(0, swap_of(&map));
}

/* ---- the data survive ---- */

/*
 * What swap and what compresses it treat each in a way of its own: a page of
 * one value need not be written at all, one that almost is must be.
 */
enum { RANDOM, ZEROS, ONE_VALUE, ONE_WORD, LAST_DIFFERS, FIRST_DIFFERS, NR_CONTENTS };

/* The content of a whole page, until the next call. */
static const uint8_t *content(size_t page, unsigned int round)
{
	static const uint8_t word[8] = { 0xde, 0xad, 0xbe, 0xef, 0x01, 0x02, 0x03, 0x04 };
	static uint8_t bytes[64 << 10];
	size_t size = page_size() < sizeof(bytes) ? page_size() : sizeof(bytes);
	unsigned int what = (page + round) % NR_CONTENTS;

	memset(bytes, what == ONE_VALUE ? 0xa0 + (int)round : what == FIRST_DIFFERS ? 0x55 : 0,
	       size);
	if (what == RANDOM)
		pattern_fill(bytes, size, (unsigned int)page + round * PAGES);
	for (size_t at = 0; what == ONE_WORD && at < size; at++)
		bytes[at] = word[at % 8] ^ (uint8_t)(page << 3);
	if (what == FIRST_DIFFERS || what == LAST_DIFFERS)
		bytes[what == FIRST_DIFFERS ? 0 : size - 1] = (uint8_t)(page + 1);
	return bytes;
}

static void fill_contents(const struct range *map, size_t i, unsigned int round)
{
	memcpy(page_at(map, i), content(i, round), page_size());
}

/* How many bytes of a page are not that. */
static size_t contents_diff(const struct range *map, size_t i, unsigned int round)
{
	const char *now = page_at(map, i), *then = (const char *)content(i, round);
	size_t diff = 0;

	for (size_t at = 0; at < page_size(); at++)
		diff += now[at] != then[at];
	return diff;
}

/* Who asks for a page decides how it is brought back; the data stay. */
static int bring_back(const struct range *map, size_t i, unsigned int round)
{
	char *addr = page_at(map, i);
	uint8_t byte = content(i, round)[7];

	switch (i % 5) {
	case 0:
		return store(addr + 7, byte);
	case 1:
		return touch_by_syscall(addr + 7, byte);
	case 2:
		return touch_by_mem(addr + 7, byte);
	case 3:
		return madvise(addr, page_size(), MADV_WILLNEED) ? -errno : 0;
	default:
		return load(addr) < 0 ? -EFAULT : 0;
	}
}

QUIET_TEST_F(swappable, data_survive_swap_out_and_in)
{
	struct range map;

	scene_history("13ddaf26be32, 678e54d4bb9a: swap-in that raced and gave stale data");
	NEED_OR_SKIP(SWAP);
	ASSERT_EQ(0, map_sharing(&map, PAGES, variant->how));
	scene_add("swapped again and again", NULL, &map);
	for (unsigned int round = 0; round < 2; round++) {
		for (size_t i = 0; i < PAGES; i++)
			fill_contents(&map, i, round);
		ASSERT_EQ(0, swap_out(&map));
		CLAIM_TRUE(all_out(&map));
		for (size_t i = 0; i < PAGES; i++) {
			size_t next = i * 37 % PAGES;

			ASSERT_DONE(bring_back(&map, next, round));
			if (next % 5 != 3) {	/* a hint may come to nothing */
				CLAIM_EQ(1, memory_resident(page_at(&map, next)));
			}
			CLAIM_DATA(0, contents_diff(&map, next, round));
		}
		for (size_t i = 0; i < PAGES; i++) {
			CLAIM_DATA(0, contents_diff(&map, i, round));
		}
	}
}

/* What is read back may keep its slot: a later change must not be lost on it. */
QUIET_TEST_F(swappable, change_after_swap_in_survives_the_next_swap_out)
{
	struct range map;

	scene_history("678e54d4bb9a: stale data after swap-in");
	NEED_OR_SKIP(SWAP);
	ASSERT_EQ(0, map_in_states(&map, variant->how, "changed between", ALL_SWAPPED));
	for (size_t i = 0; i < PAGES; i++) {
		CLAIM_DATA(pattern_byte(0, (unsigned int)i + 1), load(page_at(&map, i)));
	}
	for (size_t i = 0; i < PAGES; i += 2) {
		ASSERT_DONE(store(page_at(&map, i), ~pattern_byte(0, (unsigned int)i + 1) & 0xff));
	}

	ASSERT_EQ(0, swap_out(&map));
	CLAIM_TRUE(all_out(&map));

	for (size_t i = 0; i < PAGES; i++) {
		uint8_t first = pattern_byte(0, (unsigned int)i + 1);

		CLAIM_DATA(i % 2 ? first : (uint8_t)~first, load(page_at(&map, i)));
		CLAIM_DATA(i % 2 ? 0 : 1, page_diff(&map, i));
	}
}

QUIET_TEST(swapped_pages_move_with_mremap)
{
	uint64_t before[PAGES], after[PAGES];
	struct range from, to;
	size_t swap;

	NEED_OR_SKIP(SWAP);
	ASSERT_EQ(0, map_sharing(&to, PAGES, SHARE_NOT));
	ASSERT_EQ(0, map_in_states(&from, SHARE_NOT, "moved from", CHECKERS));
	scene_add("moved to", NULL, &to);
	swap = swap_of(&from);
	ASSERT_EQ(0, pagemap_read(0, from.addr, PAGES, before));

	ASSERT_EQ(to.addr, mremap(from.addr, from.len, to.len, MREMAP_MAYMOVE | MREMAP_FIXED,
				  to.addr));

	CLAIM_STATES(CHECKERS, &to, false);
	ASSERT_EQ(0, pagemap_read(0, to.addr, PAGES, after));
	/* Same frames and same slots; where both are hidden, at least no change. */
	for (size_t i = 0; i < PAGES; i++) {
		CLAIM_EQ(before[i] & ~PM_SOFT_DIRTY, after[i] & ~PM_SOFT_DIRTY);
	}
	CLAIM_EQ(swap, swap_of(&to));
	CLAIM_EQ(PAGES, pagemap_count(0, from.addr, PAGES, ~0ULL, 0));
	CLAIM_ACCOUNTS_AGREE(0, &to);
	CLAIM_DATA(0, states_diff(&to, CHECKERS));
}

QUIET_TEST_F(object, swapped_data_stay_when_a_mapping_drops_them)
{
	struct object_view object;

	NEED_OR_SKIP(SWAP);
	ASSERT_EQ(0, object_in_states(&object, *variant, "dropped", CHECKERS_CACHED));

	ASSERT_EQ(0, madvise(object.map.addr, object.map.len, MADV_DONTNEED));

	CLAIM_EQ(PAGES, pagemap_count(0, object.map.addr, PAGES, ~PM_SOFT_DIRTY, 0));
	CLAIM_EQ(count_states(CHECKERS_CACHED, 0, PAGES, 'S') * page_size(), swap_of(&object.map));
	CLAIM_DATA(0, states_diff(&object.map, CHECKERS_CACHED));
}

QUIET_TEST_F(object, swapped_data_go_when_they_are_punched_out)
{
	size_t page = page_size();
	struct object_view object;
	char states[] = CHECKERS_CACHED;
	int fd;

	scene_history("8a1968bd997f: truncation beside large swap entries");
	NEED_OR_SKIP(SWAP);
	NEED_OR_SKIP(MAP_FILES);
	ASSERT_EQ(0, object_in_states(&object, *variant, "punched", states));

	for (size_t i = 0; i < PAGES; i++) {
		if (i % 3 && i < PAGES - 1)
			continue;
		ASSERT_EQ(0, madvise(page_at(&object.map, i), page, MADV_REMOVE));
		states[i] = '.';
	}
	ASSERT_EQ(0, madvise(page_at(&object.map, 30), 5 * page, MADV_REMOVE));
	memset(states + 30, '.', 5);

	fd = object_open(0, object.map.addr, object.map.len);
	ASSERT_LE(0, fd);
	CLAIM_STATES(states, &object.map, true);
	CLAIM_STREQ(holders_of_data(states), data_by_page(fd, &object));
	CLAIM_STREQ(holders_of_data(states), data_by_extent(fd, &object));
	CLAIM_EQ(count_states(states, 0, PAGES, 'S') * page, swap_of(&object.map));
	CLAIM_DATA(0, states_diff(&object.map, states));
}

QUIET_TEST(swapped_data_go_when_the_object_is_cut_short)
{
	size_t page = page_size();
	struct range map;
	int fd;

	scene_history("8a1968bd997f: truncation beside large swap entries");
	NEED_OR_SKIP(SWAP);
	NEED_OR_SKIP(MEMFD);
	fd = map_memfd(&map, 0);
	ASSERT_LE(0, fd);
	fill_pages(&map);
	ASSERT_EQ(0, swap_out(&map));

	/* In the middle of a page, and back: its head stays, the rest is gone. */
	ASSERT_EQ(0, ftruncate(fd, (off_t)(20 * page + 100)));
	ASSERT_EQ(0, ftruncate(fd, (off_t)(PAGES * page)));

	CLAIM_EQ(1, object_has_data(fd, (off_t)(19 * page)));
	CLAIM_EQ(0, object_has_data(fd, (off_t)(21 * page)));
	CLAIM_GE(21 * page, swap_of(&map));
	CLAIM_LE(20 * page, swap_of(&map));
	for (size_t i = 0; i < 20; i++) {
		CLAIM_DATA(0, page_diff(&map, i));
	}
	CLAIM_DATA(0, pattern_diff(page_at(&map, 20), 100, 21));
	CLAIM_ZEROS(page_at(&map, 20) + 100, page - 100);
	CLAIM_ZEROS(page_at(&map, 21), (PAGES - 21) * page);
}

/* ---- fork and swapped memory ---- */

QUIET_TEST(fork_shares_swapped_private_pages)
{
	size_t page = page_size(), swapped = count_states(CHECKERS, 0, PAGES, 'S') * page;
	uint64_t before[PAGES], parent[PAGES], their[PAGES];
	struct peer child, grandchild, second;
	struct range map;

	NEED_OR_SKIP(SWAP);
	ASSERT_EQ(0, map_in_states(&map, SHARE_NOT, "parent", CHECKERS));
	ASSERT_EQ(0, pagemap_read(0, map.addr, PAGES, before));

	ASSERT_EQ(0, peer_fork(&child));
	scene_add("child", &child, &map);

	ASSERT_EQ(0, pagemap_read(0, map.addr, PAGES, parent));
	ASSERT_EQ(0, pagemap_read(child.pid, map.addr, PAGES, their));
	for (size_t i = 0; i < PAGES; i++) {
		/* The slot stays the parent's, and the child has the same. */
		CLAIM_EQ(before[i] & ~(PM_SOFT_DIRTY | PM_EXCLUSIVE),
			 parent[i] & ~(PM_SOFT_DIRTY | PM_EXCLUSIVE));
		CLAIM_EQ(parent[i] & ~PM_SOFT_DIRTY, their[i] & ~PM_SOFT_DIRTY);
	}
	CLAIM_SWAP(0, &map, swapped, swapped / 2);
	CLAIM_SWAP(child.pid, &map, swapped, swapped / 2);
	CLAIM_ACCOUNTS_AGREE(0, &map);
	CLAIM_ACCOUNTS_AGREE(child.pid, &map);

	ASSERT_DONE(peer_fork_from(&child, &grandchild));
	ASSERT_EQ(0, peer_fork(&second));
	CLAIM_SWAP(grandchild.pid, &map, swapped, swapped / 4);
	CLAIM_DATA(0, peer_exit(&grandchild));
	CLAIM_DATA(0, munmap_in(&second, map.addr, map.len));
	CLAIM_SWAP(0, &map, swapped, swapped / 2);
	CLAIM_DATA(0, peer_exit(&child));
	CLAIM_SWAP(0, &map, swapped, swapped);
	CLAIM_DATA(0, peer_exit(&second));
	CLAIM_DATA(0, states_diff(&map, CHECKERS));
}

QUIET_TEST_F(object, fork_needs_no_entries_for_swapped_shared_pages)
{
	size_t page = page_size(), swapped = count_states(CHECKERS_CACHED, 0, PAGES, 'S');
	struct object_view object;
	struct peer child;

	NEED_OR_SKIP(SWAP);
	ASSERT_EQ(0, object_in_states(&object, *variant, "parent", CHECKERS_CACHED));
	ASSERT_EQ(0, peer_fork(&child));
	scene_add("child", &child, &object.map);

	CLAIM_STREQ(visible_states(CHECKERS_CACHED, true), seen_states(0, &object.map, true));
	CLAIM_EQ(0, pagemap_count(child.pid, object.map.addr, PAGES, PM_SWAP, PM_SWAP));
	CLAIM_SWAP(child.pid, &object.map, swapped * page, 0);
	CLAIM_EQ(swapped * page, swap_of(&object.map));

	for (size_t i = 0; i < PAGES; i++) {
		if (CHECKERS_CACHED[i] == '.')
			continue;
		CLAIM_DATA(0, diff_in(&child, page_at(&object.map, i), page,
				      (unsigned int)i + 1));
		CLAIM_DATA(0, store_in(&child, page_at(&object.map, i) + 5, 0));
		CLAIM_DATA(0, load(page_at(&object.map, i) + 5));
	}
	CLAIM_EQ(0, swap_of(&object.map));
	CLAIM_DATA(0, peer_exit(&child));
}

/* ---- the swap area: how much of it is used ---- */

/*
 * Slots are taken from and given back to the area in batches for each CPU on
 * many kernels (SWAP_SLOTS_CACHE_SIZE, 64, for each direction), and this runs
 * on one.  A signal is twice that or more.
 */
#define SLOT_BATCH	128

struct swap_use {
	long long used;		/* of all areas, in pages */
	long long free;		/* SwapFree, in pages */
};

static int swap_use(struct swap_use *use)
{
	long long page = (long long)page_size();
	struct swap_area areas[8];
	struct meminfo info;
	ssize_t count = swaps_read(areas, ARRAY_SIZE(areas));
	int ret = meminfo_read(&info);

	if (ret || count < 0 || count > (ssize_t)ARRAY_SIZE(areas))
		return -EIO;
	*use = (struct swap_use){ 0, info.swap_free / page };
	for (ssize_t i = 0; i < count; i++)
		use->used += (long long)areas[i].used / page;
	return 0;
}

/* Has the use changed by a number of pages?  The last look is left in @now. */
static bool use_changes(const struct swap_use *before, long long pages, struct swap_use *now)
{
	long long deadline = patience_until(40), used, freed;

	do {
		if (swap_use(now))
			return false;
		used = now->used - before->used - pages;
		freed = before->free - now->free - pages;
		if (used >= -SLOT_BATCH && used <= SLOT_BATCH &&
		    freed >= -SLOT_BATCH && freed <= SLOT_BATCH)
			return true;
		/* What is being written is let go of when that is done. */
	} while (patience_left(deadline));
	return false;
}

/* What is given back while it is written to a disk keeps its slot: are there such pages? */
static bool all_is_written(void)
{
	long long deadline = patience_until(300);

	do {
		vmstat_flush();
		if (meminfo_number("Writeback") <= 0)
			return true;
	} while (patience_left(deadline));
	return false;
}

/* Maps, swaps out, gives back; what step of it did not show, "" if all did. */
static const char *use_amiss(enum sharing how, size_t many, size_t *outs, bool *written)
{
	int give_back = how == SHARE_NOT ? MADV_DONTNEED : MADV_REMOVE;
	size_t half = many / 2 * page_size();
	struct swap_use before, now;
	struct range map;
	struct peer child;

	*outs = many;
	*written = true;
	if (swap_use(&before) || map_swapped(&map, many, how))
		return "swap-out failed";
	if (!use_changes(&before, (long long)many, &now))
		return "swapping out";
	if (peer_fork(&child) || !use_changes(&before, (long long)many, &now))
		return "sharing with a child";
	*written = all_is_written();
	if (madvise(map.addr, half, give_back) || peer_exit(&child))
		return "giving back failed";
	if (!use_changes(&before, (long long)many / 2, &now))
		return "giving one half back";
	/*
	 * What was read or written, and then given back, has no slot any more. Where
	 * there is nothing to be read the signal ends the case.
	 */
	for (size_t i = many / 2; i < many; i++) {
		volatile char *byte = page_at(&map, i);

		if (i % 2)
			(void)*byte;
		else
			*byte = 0;
	}
	if (madvise(map.addr + half, half, give_back))
		return "giving back failed";
	if (!use_changes(&before, 0, &now))
		return "swapping the other half in";
	*outs = 2 * many;
	if (unmap(&map) || map_swapped(&map, many, how))
		return "unmapping failed";
	*written &= all_is_written();
	if (unmap(&map))
		return "unmapping failed";
	return use_changes(&before, 0, &now) ? "" : "unmapping what is swapped";
}

/*
 * The whole machine's numbers, which others change, too: what went wrong while
 * they swapped out, or while another run of the tests was there, says nothing;
 * what others give back leaves no trace, so that it takes three in a row.
 */
QUIET_TEST_F(swappable, use_of_the_swap_area_follows_the_pages)
{
	/* A quarter, what was only read and is given back, still stands out. */
	size_t many = 6 * SLOT_BATCH, outs;
	const char *amiss = "untried";
	bool others = false, written = true;
	int failures = 0;

	scene_history("4f78252da887: SwapFree drifting");
	NEED_OR_SKIP(SWAP);
	for (int tries = 0; *amiss && failures < 3 && tries < 12; tries++) {
		long long before = vmstat_swap_outs();
		bool shared = swaparea_is_shared(provided_area());

		amiss = use_amiss(variant->how, many, &outs, &written);
		others = shared || swaparea_is_shared(provided_area()) ||
			 vmstat_swap_outs() - before > (long long)outs;
		failures = others || !written ? 0 : failures + 1;
	}
	if (*amiss && others)
		SKIP(return, "inconclusive: others keep swapping");
	if (*amiss && !written)
		SKIP(return, "inconclusive: the disk does not come to rest");
	CLAIM_STREQ("", amiss);
}

/* ---- swapoff ---- */

VARIANTS_ONLY(swapoff) { bool with_child; };
FIXTURE_VARIANT_ADD(swapoff, alone)		{ .with_child = false };
FIXTURE_VARIANT_ADD(swapoff, shared_with_child)	{ .with_child = true };

QUIET_TEST_F(swapoff, brings_everything_back)
{
	struct range private, shared;
	struct peer child;

	scene_history("82b1c07a0af6: swapoff that raced with a fault");
	NEED_OR_SKIP(SWAP);
	NEED_OR_SKIP(OWN_SWAP);
	ASSERT_EQ(0, map_sharing(&private, PAGES, SHARE_NOT));
	ASSERT_EQ(0, map_sharing(&shared, PAGES, SHARE_ANONYMOUS));
	scene_add("private", NULL, &private);
	scene_add("shared", NULL, &shared);
	for (size_t i = 0; i < PAGES; i++) {
		fill_contents(&private, i, 0);
		fill_contents(&shared, i, 1);
	}
	ASSERT_EQ(0, swap_out(&private));
	ASSERT_EQ(0, swap_out(&shared));
	if (variant->with_child) {
		ASSERT_EQ(0, peer_fork(&child));
	}

	EMPTY_SWAP_AREA_OR_SKIP();

	CLAIM_EQ(PAGES, pagemap_count(0, private.addr, PAGES, PM_STATE, PM_PRESENT));
	CLAIM_EQ(PAGES, pagemap_count(0, shared.addr, PAGES, ~PM_SOFT_DIRTY, 0));
	CLAIM_EQ(0, swap_of(&private) + swap_of(&shared));
	for (size_t i = 0; i < PAGES; i++) {
		CLAIM_EQ(1, memory_resident(page_at(&shared, i)));
	}
	CLAIM_ACCOUNTS_AGREE(0, &private);
	if (variant->with_child) {
		CLAIM_EQ(PAGES, pagemap_count(child.pid, private.addr, PAGES,
					      PM_STATE | PM_EXCLUSIVE, PM_PRESENT));
		for (size_t i = 0; i < PAGES; i++) {
			CLAIM_DATA(0, store_in(&child, page_at(&private, i) + i, 0x77));
		}
		CLAIM_DATA(0, peer_exit(&child));
	}
	for (size_t i = 0; i < PAGES; i++) {
		CLAIM_DATA(0, contents_diff(&private, i, 0));
		CLAIM_DATA(0, contents_diff(&shared, i, 1));
	}
}

int main(int argc, char **argv)
{
	program_begin(argc, argv);
	provide_swap_and_stay();
	return test_harness_run(argc, argv);
}
