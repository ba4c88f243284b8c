// SPDX-License-Identifier: GPL-2.0
/*
 * None, present or swapped: what /proc/PID/pagemap says of a page, what it
 * cannot say of shared memory, and who tells the rest.
 *
 * Behaviour: admin-guide/mm/pagemap.rst, filesystems/proc.rst (smaps, VmSwap),
 * mincore(2), lseek(2), swapon(2), madvise(2), userfaultfd(2).
 */
#include <fcntl.h>
#include <linux/capability.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "claim/harness.h"
#include "act/marks.h"
#include "act/pageout.h"
#include "act/privilege.h"
#include "act/touch.h"
#include "borrow/scratch.h"
#include "borrow/swaparea.h"
#include "borrow/thp.h"
#include "claim/accounts.h"
#include "claim/case.h"
#include "observe/kpage.h"
#include "observe/object.h"
#include "observe/patience.h"
#include "observe/privilege.h"
#include "observe/procfs.h"
#include "observe/status.h"
#include "observe/swaps.h"

/* ---- pages in states, a letter each ---- */

/*
 * '.' untouched, 'P' present, 'S' swapped out, 'C' in memory but not mapped
 * here.  The page-table boundary is in the middle, and the boards differ in
 * what is at the ends and at the boundary.
 */
#define CHECKERS	"S.PSSP.PP..SS.PSPSPS.SP..PPPSS.SSP.SSS.P..SP.PS.S.PPSS..SPSP.P.S"
#define CHECKERS_OTHER	".SSPP.SP.SSP.PS.SP..SPS.SP.SP.SPPSSP.P.SPSP.SS.PP.SS.PPS.S.SPSS."
#define CHECKERS_CACHED	"SCPS.PCPS..CSCPSCSPS.SPC.PPPSSCSCP.SCS.PC.SPCPS.SCPPSS.CSPSPCP.C"
#define UNTOUCHED	"................................................................"
#define PAGES		64

/* What a page of a mapping is filled with unless it is untouched. */
static void fill_page(const struct range *map, size_t i)
{
	pattern_fill(page_at(map, i), page_size(), (unsigned int)i + 1);
}

/* How many bytes of a mapping in given states are not what they should be. */
static size_t bytes_wrong(const struct range *map, const char *states)
{
	size_t wrong = 0;

	for (size_t i = 0; i < map->pages; i++) {
		if (states[i] != '.')
			wrong += pattern_diff(page_at(map, i), page_size(), (unsigned int)i + 1);
		else
			wrong += !all_zero(page_at(map, i), page_size());
	}
	return wrong;
}

static size_t count_states(const char *states, size_t first, size_t pages, char state)
{
	size_t count = 0;

	for (size_t i = first; i < first + pages; i++)
		count += states[i] == state;
	return count;
}

/* Each run of pages in one state is seen to at once. */
static int put_run_in_state(const struct range *map, size_t first, size_t pages, char state)
{
	size_t page = page_size();

	if (state == 'S')
		return pageout(page_at(map, first), pages);
	if (state == 'C' && madvise(page_at(map, first), pages * page, MADV_DONTNEED))
		return -errno;
	return 0;
}

static int put_runs_in_states(const struct range *map, const char *states)
{
	size_t next;
	int ret = 0;

	for (size_t i = 0; !ret && i < map->pages; i = next) {
		for (next = i + 1; next < map->pages && states[next] == states[i]; next++)
			;
		ret = put_run_in_state(map, i, next - i, states[i]);
	}
	return ret;
}

/*
 * How many pages that should be out are still in memory, and not for being in
 * the swap cache: unmapping is half the way only for pages of an object, and
 * a passing reference (a batch of another CPU's) keeps them from the rest.
 */
static size_t still_in(const struct range *map, const char *states, unsigned char *resident)
{
	size_t in = 0, out = 0;
	struct smaps s;

	if (mincore(map->addr, map->len, resident))
		return SIZE_MAX;
	for (size_t i = 0; i < map->pages; i++) {
		if (states[i] != 'S')
			continue;
		out++;
		if (resident[i] & 1)
			in += !(pagemap_entry(0, page_at(map, i)) & PM_SWAP);
	}
	if (in && !smaps_range(0, map->addr, map->len, &s) && s.swap == out * page_size())
		in = 0;
	return in;
}

/* Pages that stayed are mapped again, so that reclaim can be asked again. */
static int settle(const struct range *map, const char *states)
{
	unsigned char *resident = calloc(map->pages, 1);
	long long deadline = patience_until(2000);
	int ret = resident ? -EAGAIN : -ENOMEM;

	while (ret == -EAGAIN) {
		ret = put_runs_in_states(map, states);
		if (ret || !still_in(map, states, resident))
			break;
		for (size_t i = 0; i < map->pages; i++)
			if (states[i] == 'S' && resident[i] & 1)
				load(page_at(map, i));
		ret = patience_left(deadline) ? -EAGAIN : -EBUSY;
	}
	free(resident);
	return ret;
}

/* Fills all but the untouched pages of a mapping, and sees to their states. */
static int put_in_states(const struct range *map, const char *states)
{
	for (size_t i = 0; i < map->pages; i++)
		if (states[i] != '.')
			fill_page(map, i);
	return settle(map, states);
}

/* Swaps out a whole mapping. */
static int swap_out(const struct range *map)
{
	char *states = malloc(map->pages);
	int ret = states ? 0 : -ENOMEM;

	if (states) {
		memset(states, 'S', map->pages);
		ret = settle(map, states);
	}
	free(states);
	return ret;
}

/* All bits of an entry that say something of its page but for soft-dirty. */
#define PM_ALL_STATE	(PM_STATE | PM_EXCLUSIVE | PM_UFFD_WP | PM_GUARD)

/* What pagemap has to say of a page that one process maps, once. */
static uint64_t entry_of(bool shared, char state)
{
	if (state == 'P')
		return PM_PRESENT | PM_EXCLUSIVE | (shared ? PM_FILE : 0);
	return state == 'S' && !shared ? PM_SWAP : 0;
}

/* The pages of a mapping by what pagemap says: the letters, or '?'. */
static const char *seen_states(pid_t pid, const struct range *map, bool shared)
{
	static char seen[PAGES + 1];
	uint64_t entries[PAGES];

	memset(seen, 0, sizeof(seen));
	if (pagemap_read(pid, map->addr, map->pages, entries))
		return "unreadable";
	for (size_t i = 0; i < map->pages; i++) {
		uint64_t entry = entries[i] & PM_ALL_STATE;

		seen[i] = entry == entry_of(shared, '.') ? '.' :
			  entry == entry_of(shared, 'P') ? 'P' :
			  entry == entry_of(shared, 'S') ? 'S' : '?';
	}
	return seen;
}

/* What seen_states() should be: of shared pages only those present are seen. */
static const char *visible_states(const char *states, bool shared)
{
	static char visible[PAGES + 1];

	for (size_t i = 0; i <= PAGES; i++)
		visible[i] = shared && states[i] && states[i] != 'P' ? '.' : states[i];
	return visible;
}

#define CLAIM_STATES(states, map, shared) \
	CLAIM_STREQ(visible_states(states, shared), seen_states(0, map, shared))

/* ---- memory that can be swapped ---- */

enum kind { PRIVATE, SHARED, MEMFD };

/* Maps a new object, or none for private memory, across page tables. */
static int map_kind(struct range *map, enum kind kind, size_t pages)
{
	int prot = PROT_READ | PROT_WRITE, fd, ret;

	if (kind == PRIVATE)
		return map_private_across_tables(map, pages);
	if (kind == SHARED)
		return map_across_tables(map, pages, prot, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	fd = scratch_file(SCRATCH_MEMFD, pages);
	if (fd < 0)
		return fd;
	ret = map_across_tables(map, pages, prot, MAP_SHARED, fd, 0);
	close(fd);
	return ret;
}

VARIANTS_ONLY(swappable) { enum kind kind; };
FIXTURE_VARIANT_ADD(swappable, private)	{ .kind = PRIVATE };
FIXTURE_VARIANT_ADD(swappable, shared)	{ .kind = SHARED };
FIXTURE_VARIANT_ADD(swappable, memfd)	{ .kind = MEMFD };

/*
 * A shared mapping and the object behind it.  A mapping from the middle of an
 * object has this many pages of it before and behind, all of them present in
 * the object where nothing else is said.
 */
#define OUTSIDE	8

VARIANTS_ONLY(object) { enum kind kind; bool middle; };
FIXTURE_VARIANT_ADD(object, shared)		{ .kind = SHARED };
FIXTURE_VARIANT_ADD(object, shared_middle)	{ .kind = SHARED, .middle = true };
FIXTURE_VARIANT_ADD(object, memfd)		{ .kind = MEMFD };
FIXTURE_VARIANT_ADD(object, memfd_middle)	{ .kind = MEMFD, .middle = true };

struct object {
	struct range map;
	off_t start;		/* of the mapping in the object, in bytes */
};

/* Unmaps what is outside of the middle; the object keeps it. */
static int cut_to_middle(struct object *object)
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

static int map_object(struct object *object, enum kind kind, bool middle, size_t pages)
{
	int ret = map_kind(&object->map, kind, pages + (middle ? 2 * OUTSIDE : 0));

	object->start = 0;
	return ret ?: middle ? cut_to_middle(object) : 0;
}

/* ---- private: none, present, swapped, present again ---- */

/* What is wrong with where swapped pages are said to be, "" if nothing. */
static const char *slots_trouble(const uint64_t *entries, size_t pages)
{
	const struct swaparea *ours = provided_area();
	size_t max = SIZE_MAX;
	struct swap_area area;

	if (ours->ours && !swaps_find(ours->path, &area))
		max = area.size / page_size();
	for (size_t i = 0; i < pages; i++) {
		/* The first slot of an area is its header. */
		if (!pm_swap_offset(entries[i]))
			return "a swapped page is in no slot";
		if (pm_swap_offset(entries[i]) > max)
			return "a slot is past the end of the area";
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
	ASSERT_EQ(0, map_kind(&map, PRIVATE, PAGES));
	scene_add("swapped in turn", NULL, &map);
	CLAIM_EQ(PAGES, pagemap_count(0, map.addr, PAGES, ~PM_SOFT_DIRTY, 0));

	for (i = 0; i < PAGES; i++)
		fill_page(&map, i);
	CLAIM_EQ(PAGES, pagemap_count(0, map.addr, PAGES, PM_ALL_STATE, entry_of(false, 'P')));

	ASSERT_EQ(0, swap_out(&map));
	CLAIM_EQ(PAGES, pagemap_count(0, map.addr, PAGES, PM_ALL_STATE, PM_SWAP));
	CLAIM_ACCOUNTS_AGREE(0, &map);

	for (i = 0; i < PAGES; i++) {
		CLAIM_DATA(0, pattern_diff(page_at(&map, i), page_size(), (unsigned int)i + 1));
		CLAIM_EQ(i + 1, pagemap_count(0, map.addr, PAGES, PM_ALL_STATE,
					      entry_of(false, 'P')));
	}
	CLAIM_ACCOUNTS_AGREE(0, &map);
}

QUIET_TEST(swapped_pages_tell_area_and_slot)
{
	const struct swaparea *ours = provided_area();
	uint64_t entries[PAGES], again[PAGES];
	struct swap_area only;
	struct range map;

	scene_history("ab676b7d6fbf: what pagemap tells whom");
	NEED_OR_SKIP(SWAP);
	NEED_OR_SKIP(PFN);
	ASSERT_EQ(0, map_kind(&map, PRIVATE, PAGES));
	scene_add("swapped", NULL, &map);
	for (size_t i = 0; i < PAGES; i++)
		fill_page(&map, i);
	ASSERT_EQ(0, swap_out(&map));

	ASSERT_EQ(0, pagemap_read(0, map.addr, PAGES, entries));
	CLAIM_STREQ("", slots_trouble(entries, PAGES));
	/* The only area there is, made when there was none, is the first. */
	if (ours->ours && swaps_read(&only, 1) == 1)
		for (size_t i = 0; i < PAGES; i++)
			CLAIM_EQ(0, pm_swap_type(entries[i]));

	/* A page that stays out stays where it is. */
	ASSERT_EQ(pattern_byte(0, 1), load(map.addr));
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
		ASSERT_EQ(0, map_kind(&map, PRIVATE, PAGES));
		scene_add("checkers", NULL, &map);
		ASSERT_EQ(0, put_in_states(&map, boards[i]));
		CLAIM_STATES(boards[i], &map, false);
		CLAIM_ACCOUNTS_AGREE(0, &map);
		CLAIM_DATA(0, bytes_wrong(&map, boards[i]));
	}
}

/* ---- shared: what pagemap cannot tell, and who can ---- */

QUIET_TEST_F(object, swapped_page_looks_untouched_in_pagemap)
{
	uint64_t untouched[PAGES], swapped[PAGES];
	struct object object;
	struct smaps s;

	NEED_OR_SKIP(SWAP);
	ASSERT_EQ(0, map_object(&object, variant->kind, variant->middle, PAGES));
	scene_add("swapped", NULL, &object.map);
	ASSERT_EQ(0, pagemap_read(0, object.map.addr, PAGES, untouched));
	for (size_t i = 0; i < PAGES; i++)
		fill_page(&object.map, i);
	CLAIM_EQ(PAGES, pagemap_count(0, object.map.addr, PAGES, PM_ALL_STATE,
				      entry_of(true, 'P')));

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
	for (size_t i = 0; i < PAGES; i++)
		CLAIM_DATA(0, pattern_diff(page_at(&object.map, i), page_size(),
					   (unsigned int)i + 1));
	CLAIM_EQ(PAGES, pagemap_count(0, object.map.addr, PAGES, PM_ALL_STATE,
				      entry_of(true, 'P')));
}

/* The pages that an object has data for, as letters: 'D', or '.' for a hole. */
static const char *data_by_page(int fd, const struct object *object)
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
static const char *data_by_extent(int fd, const struct object *object)
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

static const char *holders_of_data(const char *states)
{
	static char data[PAGES + 1];

	for (size_t i = 0; i <= PAGES; i++)
		data[i] = states[i] && states[i] != '.' ? 'D' : states[i];
	return data;
}

QUIET_TEST_F(object, lseek_tells_swapped_from_untouched)
{
	static const char * const boards[] = { CHECKERS, CHECKERS_OTHER, CHECKERS_CACHED };
	struct object object;
	int fd;

	NEED_OR_SKIP(SWAP);
	NEED_OR_SKIP(MAP_FILES);
	for (size_t i = 0; i < ARRAY_SIZE(boards); i++) {
		ASSERT_EQ(0, map_object(&object, variant->kind, variant->middle, PAGES));
		scene_add("checkers", NULL, &object.map);
		ASSERT_EQ(0, put_in_states(&object.map, boards[i]));
		CLAIM_STATES(boards[i], &object.map, true);

		fd = object_open(0, object.map.addr, object.map.len);
		ASSERT_LE(0, fd);
		CLAIM_STREQ(holders_of_data(boards[i]), data_by_page(fd, &object));
		CLAIM_STREQ(holders_of_data(boards[i]), data_by_extent(fd, &object));
		/* To ask has brought nothing back. */
		CLAIM_STATES(boards[i], &object.map, true);
		CLAIM_ACCOUNTS_AGREE(0, &object.map);
		close(fd);
		CLAIM_DATA(0, bytes_wrong(&object.map, boards[i]));
	}
}

/* A memfd can be asked without any privilege, by its own descriptor. */
QUIET_TEST(lseek_on_a_memfd_tells_swapped_from_untouched)
{
	struct object object = { .start = OUTSIDE * (off_t)page_size() };
	int fd;

	NEED_OR_SKIP(SWAP);
	NEED_OR_SKIP(MEMFD);
	fd = scratch_file(SCRATCH_MEMFD, PAGES + 2 * OUTSIDE);
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, map_across_tables(&object.map, PAGES, PROT_READ | PROT_WRITE, MAP_SHARED,
				       fd, object.start));
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

static const char *in_memory(const char *states)
{
	static char memory[PAGES + 1];

	for (size_t i = 0; i <= PAGES; i++)
		memory[i] = states[i] == 'P' || states[i] == 'C' ? 'M' : states[i] ? '.' : 0;
	return memory;
}

/*
 * A page that was written to a disk stays in the swap cache, and so in memory,
 * until somebody looks for memory; zram is done at once.  Read back, a private
 * page is clean and can be dropped on the spot when it goes out again.
 */
static int leave_swap_cache(const struct range *map, const char *states, bool shared)
{
	long long deadline = patience_until(300);
	bool cached;

	do {
		cached = false;
		for (size_t i = 0; i < map->pages; i++) {
			if (states[i] != 'S' || memory_resident(page_at(map, i)) != 1)
				continue;
			cached = true;
			if (!shared && load(page_at(map, i)) >= 0 &&
			    pageout(page_at(map, i), 1))
				return -EAGAIN;
		}
	} while (cached && patience_left(deadline));
	return cached ? -EAGAIN : 0;
}

/* Are there pages in the swap cache of the machine at all? */
static bool swap_cache_in_use(void)
{
	struct meminfo info;

	vmstat_flush();
	return meminfo_read(&info) || info.swap_cached > 0;
}

QUIET_TEST_F(swappable, mincore_tells_in_memory_from_swapped_and_untouched)
{
	bool shared = variant->kind != PRIVATE;
	const char *states = shared ? CHECKERS_CACHED : CHECKERS;
	struct object object;
	struct range map;

	NEED_OR_SKIP(SWAP);
	/* Of shared memory the middle: a page's index in the object is another one. */
	ASSERT_EQ(0, map_object(&object, variant->kind, shared, PAGES));
	map = object.map;
	scene_add("checkers", NULL, &map);
	ASSERT_EQ(0, put_in_states(&map, states));

	if (leave_swap_cache(&map, states, shared) && swap_cache_in_use())
		SKIP(return, "inconclusive: the swap cache does not let go of the pages");

	CLAIM_STREQ(in_memory(states), resident_by_page(&map));
	CLAIM_STREQ(in_memory(states), resident_at_once(&map));
	/* To ask has brought nothing back. */
	CLAIM_STATES(states, &map, shared);
	CLAIM_DATA(0, bytes_wrong(&map, states));
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
	ASSERT_EQ(0, map_kind(&map, PRIVATE, PAGES));
	scene_add("parent", NULL, &map);
	ASSERT_EQ(0, put_in_states(&map, CHECKERS));
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
	CLAIM_EQ(0, peer_exit(&child));
	CLAIM_DATA(0, bytes_wrong(&map, CHECKERS));
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
	return map_again(&other, map, fd, 0) ?: (int)do_fill_cached(other.addr, other.len, 0);
}

QUIET_TEST_F(unmapped, page_in_memory_but_not_mapped_is_a_fourth_state)
{
	struct object object = { .start = 0 };
	struct peer peer;
	struct smaps s;
	int fd;

	NEED_OR_SKIP(MEMFD);
	fd = scratch_file(SCRATCH_MEMFD, PAGES);
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, map_across_tables(&object.map, PAGES, PROT_READ | PROT_WRITE, MAP_SHARED,
				       fd, 0));
	scene_add("ours", NULL, &object.map);
	ASSERT_EQ(0, peer_fork(&peer));
	scene_add("peer", &peer, &object.map);

	ASSERT_EQ(0, populate(&object.map, fd, variant->how, &peer));

	CLAIM_EQ(PAGES, pagemap_count(0, object.map.addr, PAGES, ~PM_SOFT_DIRTY, 0));
	CLAIM_STREQ(holders_of_data(CACHED_ONLY), data_by_page(fd, &object));
	CLAIM_STREQ(holders_of_data(CACHED_ONLY), data_by_extent(fd, &object));
	CLAIM_STREQ(in_memory(CACHED_ONLY), resident_by_page(&object.map));
	CLAIM_STREQ(in_memory(CACHED_ONLY), resident_at_once(&object.map));
	ASSERT_EQ(0, smaps_range(0, object.map.addr, object.map.len, &s));
	CLAIM_EQ(0, s.rss + s.swap);
	CLAIM_ACCOUNTS_AGREE(0, &object.map);
	CLAIM_DATA(0, bytes_wrong(&object.map, CACHED_ONLY));
}

/* ---- smaps and status: how much is swapped ---- */

static size_t swap_of(pid_t pid, const char *addr, size_t pages, size_t *pss)
{
	struct smaps s;

	if (smaps_range(pid, addr, pages * page_size(), &s))
		return SIZE_MAX;
	*pss = s.swap_pss;
	return s.swap;
}

QUIET_TEST(swap_of_private_memory_counts_its_entries)
{
	size_t page = page_size(), pss, swapped = count_states(CHECKERS, 0, PAGES, 'S');
	size_t left = swapped;
	struct range map;
	struct smaps s;

	NEED_OR_SKIP(SWAP);
	ASSERT_EQ(0, map_kind(&map, PRIVATE, PAGES));
	scene_add("checkers", NULL, &map);
	ASSERT_EQ(0, put_in_states(&map, CHECKERS));

	ASSERT_EQ(0, smaps_range(0, map.addr, map.len, &s));
	CLAIM_EQ(swapped * page, s.swap);
	CLAIM_EQ(swapped * page, s.swap_pss);
	CLAIM_EQ(count_states(CHECKERS, 0, PAGES, 'P') * page, s.rss);
	CLAIM_EQ(s.rss, s.anonymous);

	for (size_t i = 0; i < PAGES; i++) {
		ASSERT_LE(0, load(page_at(&map, i)));
		if (CHECKERS[i] != 'S')
			continue;
		left--;
		CLAIM_EQ(left * page, swap_of(0, map.addr, PAGES, &pss));
		CLAIM_EQ(left * page, pss);
	}
	CLAIM_ACCOUNTS_AGREE(0, &map);
}

QUIET_TEST(swap_of_private_memory_follows_what_is_given_back)
{
	size_t page = page_size(), pss;
	struct range map;

	NEED_OR_SKIP(SWAP);
	ASSERT_EQ(0, map_kind(&map, PRIVATE, PAGES));
	scene_add("given back", NULL, &map);
	for (size_t i = 0; i < PAGES; i++)
		fill_page(&map, i);
	ASSERT_EQ(0, swap_out(&map));

	ASSERT_EQ(0, madvise(page_at(&map, 30), 4 * page, MADV_DONTNEED));
	CLAIM_EQ(60 * page, swap_of(0, map.addr, PAGES, &pss));
	CLAIM_EQ(4, pagemap_count(0, page_at(&map, 30), 4, ~PM_SOFT_DIRTY, 0));
	CLAIM_TRUE(all_zero(page_at(&map, 30), 4 * page));
	CLAIM_EQ(60 * page, swap_of(0, map.addr, PAGES, &pss));

	ASSERT_EQ(0, munmap(page_at(&map, 40), 10 * page));
	CLAIM_EQ(50 * page, swap_of(0, map.addr, PAGES, &pss));
	CLAIM_EQ(36 * page, swap_of(0, map.addr, 40, &pss));
	CLAIM_EQ(14 * page, swap_of(0, page_at(&map, 50), 14, &pss));
	CLAIM_EQ(14 * page, pss);

	ASSERT_EQ(0, mprotect(page_at(&map, 8), 8 * page, PROT_NONE));
	CLAIM_EQ(50 * page, swap_of(0, map.addr, PAGES, &pss));
	ASSERT_EQ(0, mprotect(page_at(&map, 8), 8 * page, PROT_READ | PROT_WRITE));
	CLAIM_EQ(50 * page, swap_of(0, map.addr, PAGES, &pss));
	for (size_t i = 0; i < PAGES; i++)
		if (i < 30 || (i > 33 && i < 40) || i > 49)
			CLAIM_DATA(0, pattern_diff(page_at(&map, i), page, (unsigned int)i + 1));
	CLAIM_EQ(0, swap_of(0, map.addr, PAGES, &pss));
}

QUIET_TEST_F(object, swap_counts_the_swapped_pages_of_the_range)
{
	size_t page = page_size(), pss, left = count_states(CHECKERS_CACHED, 0, PAGES, 'S');
	struct object object;

	scene_history("10c848c8b480, 02399c88024f: smaps Swap of shared memory with holes");
	NEED_OR_SKIP(SWAP);
	ASSERT_EQ(0, map_object(&object, variant->kind, variant->middle, PAGES));
	scene_add("checkers", NULL, &object.map);
	ASSERT_EQ(0, put_in_states(&object.map, CHECKERS_CACHED));
	CLAIM_ACCOUNTS_AGREE(0, &object.map);

	for (size_t i = 0; i < PAGES; i++) {
		if (CHECKERS_CACHED[i] != 'S')
			continue;
		CLAIM_EQ(left * page, swap_of(0, object.map.addr, PAGES, &pss));
		/* SwapPss is about entries of page tables: shared memory has none. */
		CLAIM_EQ(0, pss);
		ASSERT_LE(0, load(page_at(&object.map, i)));
		left--;
	}
	CLAIM_EQ(0, swap_of(0, object.map.addr, PAGES, &pss));
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
	size_t page = page_size(), pss, inside;
	struct range full, part;
	int fd;

	NEED_OR_SKIP(SWAP);
	NEED_OR_SKIP(MEMFD);
	fd = scratch_file(SCRATCH_MEMFD, PAGES);
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, map_across_tables(&full, PAGES, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0));
	ASSERT_EQ(0, map_across_tables(&part, variant->pages, PROT_READ, MAP_SHARED, fd,
				       (off_t)(variant->first * page)));
	scene_add("object", NULL, &full);
	scene_add("part of it", NULL, &part);
	ASSERT_EQ(0, put_in_states(&full, CHECKERS));

	inside = count_states(CHECKERS, variant->first, variant->pages, 'S');
	CLAIM_EQ(inside * page, swap_of(0, part.addr, part.pages, &pss));
	CLAIM_EQ(0, pss);
	CLAIM_EQ(count_states(CHECKERS, 0, PAGES, 'S') * page, swap_of(0, full.addr, PAGES, &pss));

	/* What is punched out of the object is not in swap any more, for anyone. */
	ASSERT_EQ(0, madvise(page_at(&full, variant->first), page, MADV_REMOVE));
	ASSERT_EQ(0, madvise(page_at(&full, variant->first + variant->pages - 1), page,
			     MADV_REMOVE));
	for (size_t i = variant->first; i < variant->first + variant->pages; i++)
		if (CHECKERS[i] == 'S' && (i == variant->first ||
					   i == variant->first + variant->pages - 1))
			inside--;
	CLAIM_EQ(inside * page, swap_of(0, part.addr, part.pages, &pss));
	CLAIM_TRUE(all_zero(part.addr, page));
	CLAIM_TRUE(all_zero(page_at(&part, part.pages - 1), page));
}

/*
 * A private mapping of an object shows the object's pages where it has no
 * copies of its own, and so the object's swapped pages count in its Swap; of
 * its own entries SwapPss knows, too.
 */
QUIET_TEST_F(window, private_mapping_counts_what_it_has_not_copied)
{
	size_t page = page_size(), copies = variant->pages > 8 ? 8 : 0, pss, inside;
	struct range full, part;
	int fd;

	scene_history("10c848c8b480, 02399c88024f: smaps Swap of shared memory with holes");
	NEED_OR_SKIP(SWAP);
	NEED_OR_SKIP(MEMFD);
	fd = scratch_file(SCRATCH_MEMFD, PAGES);
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, map_across_tables(&full, PAGES, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0));
	ASSERT_EQ(0, map_across_tables(&part, variant->pages, PROT_READ | PROT_WRITE,
				       MAP_PRIVATE, fd, (off_t)(variant->first * page)));
	scene_add("object", NULL, &full);
	scene_add("private part of it", NULL, &part);
	/* Copies first, half of them swapped out: the object is put in order behind. */
	for (size_t i = 0; i < copies; i++)
		ASSERT_EQ(0, store(page_at(&part, part.pages / 2 + i), (uint8_t)(i + 1)));
	if (copies)
		ASSERT_EQ(0, pageout(page_at(&part, part.pages / 2 + 4), 4));
	ASSERT_EQ(0, put_in_states(&full, CHECKERS));

	inside = count_states(CHECKERS, variant->first, variant->pages, 'S');
	if (copies)
		inside -= count_states(CHECKERS, variant->first + part.pages / 2, copies, 'S');
	CLAIM_EQ((inside + copies / 2) * page, swap_of(0, part.addr, part.pages, &pss));
	CLAIM_EQ(copies / 2 * page, pss);
	CLAIM_EQ(count_states(CHECKERS, 0, PAGES, 'S') * page, swap_of(0, full.addr, PAGES, &pss));
	for (size_t i = 0; i < copies; i++)
		CLAIM_DATA((int)i + 1, load(page_at(&part, part.pages / 2 + i)));
	CLAIM_EQ(inside * page, swap_of(0, part.addr, part.pages, &pss));
	CLAIM_EQ(0, pss);
}

QUIET_TEST(rollup_sums_the_swap_of_all_mappings)
{
	struct range private, shared;
	struct smaps sum, rollup;

	scene_history("27dd768ed8db: a sum that was wrong in smaps_rollup alone");
	NEED_OR_SKIP(SWAP);
	ASSERT_EQ(0, map_kind(&private, PRIVATE, PAGES));
	ASSERT_EQ(0, map_kind(&shared, SHARED, PAGES));
	scene_add("private", NULL, &private);
	scene_add("shared", NULL, &shared);
	ASSERT_EQ(0, put_in_states(&private, CHECKERS));
	ASSERT_EQ(0, put_in_states(&shared, CHECKERS_CACHED));

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
#define CLAIM_VMSWAP(pid, pages)							\
	do {										\
		long long _off = status_number(pid, "VmSwap") -				\
				 (long long)((pages) * page_size());			\
											\
		CLAIM_GE(status_lag_pages() * (long long)page_size(), llabs(_off));	\
	} while (0)

static int map_swapped(struct range *map, enum kind kind, size_t pages)
{
	int ret = map_kind(map, kind, pages);

	for (size_t i = 0; !ret && i < pages; i++)
		store(page_at(map, i) + i % 64, (uint8_t)(i + 1));
	return ret ?: swap_out(map);
}

QUIET_TEST(vmswap_follows_every_way_out_of_swap)
{
	size_t many = 4 * (size_t)status_lag_pages(), page = page_size();
	struct range map;
	struct peer child;
	long long came;

	scene_history("f1a7941243c1: how exact the counters of status are");
	NEED_OR_SKIP(SWAP);
	CLAIM_VMSWAP(0, 0);
	ASSERT_EQ(0, map_swapped(&map, PRIVATE, 2 * many));
	CLAIM_VMSWAP(0, 2 * many);
	came = -status_number(0, "RssAnon");

	/* One quarter is read back, one given back, one unmapped. */
	for (size_t i = 0; i < many / 2; i++)
		ASSERT_LE(0, load(page_at(&map, i)));
	CLAIM_VMSWAP(0, 3 * many / 2);
	ASSERT_EQ(0, madvise(page_at(&map, many / 2), many / 2 * page, MADV_DONTNEED));
	CLAIM_VMSWAP(0, many);
	ASSERT_EQ(0, peer_fork(&child));
	CLAIM_VMSWAP(child.pid, many);
	ASSERT_EQ(0, munmap(page_at(&map, many), many / 2 * page));
	CLAIM_VMSWAP(0, many / 2);
	CLAIM_VMSWAP(child.pid, many);
	for (size_t i = 0; i < many / 2; i++)
		ASSERT_EQ(0, store(page_at(&map, 3 * many / 2 + i), 1));
	CLAIM_VMSWAP(0, 0);
	CLAIM_EQ(0, peer_exit(&child));
	/* Half of it is there again. */
	came += status_number(0, "RssAnon");
	CLAIM_GE(status_drift_pages() * (long long)page, llabs(came - (long long)(many * page)));
}

QUIET_TEST_F(swappable, vmswap_counts_private_entries_only)
{
	size_t many = 4 * (size_t)status_lag_pages(), pss;
	struct range map;

	NEED_OR_SKIP(SWAP);
	ASSERT_EQ(0, map_swapped(&map, variant->kind, many));
	CLAIM_EQ(many * page_size(), swap_of(0, map.addr, many, &pss));
	CLAIM_VMSWAP(0, variant->kind == PRIVATE ? many : 0);
	for (size_t i = 0; i < many; i++)
		ASSERT_EQ((uint8_t)(i + 1), load(page_at(&map, i) + i % 64));
	CLAIM_VMSWAP(0, 0);
	CLAIM_EQ(0, swap_of(0, map.addr, many, &pss));
}

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

static const char *regions_differ(const char *what, const struct page_region *expected,
				  ssize_t nr_expected, const struct page_region *seen,
				  ssize_t nr_seen)
{
	static char text[160];
	ssize_t i = 0;

	while (i < nr_expected && i < nr_seen &&
	       !memcmp(&expected[i], &seen[i], sizeof(*seen)))
		i++;
	if (nr_expected >= 0 && i == nr_expected && i == nr_seen)
		return "";
	snprintf(text, sizeof(text), "asked for %s: %zd regions for %zd, region %zd is wrong",
		 what, nr_seen, nr_expected, i);
	return text;
}

/*
 * The kernel collects as many regions as a PMD has pages, 32 or more, before it
 * hands them over. Where it went on after that, walk_end keeps the place of the
 * stop, though all has been seen.
 */
#define SCAN_STEP	32

static const char *scan_differs(const struct range *map, const char *states,
				const struct question *question)
{
	struct page_region expected[PAGES], seen[PAGES];
	struct pm_scan_arg arg = scan_arg(map, question, seen, PAGES);
	ssize_t nr_expected = regions_expected(map, states, question, expected);
	ssize_t nr_seen = pagemap_scan_with(0, &arg);

	if (nr_seen >= 0 && nr_seen < SCAN_STEP && arg.walk_end != arg.end)
		return "the scan ends early";
	return regions_differ(question->name, expected, nr_expected, seen, nr_seen);
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
		ASSERT_EQ(0, map_kind(&map, variant->kind, PAGES));
		scene_add("checkers", NULL, &map);
		memcpy(states, boards[i], sizeof(states));
		ASSERT_EQ(0, put_in_states(&map, states));
		/* Memory without a page table stays without. */
		if (variant->kind == PRIVATE && strchr(states, 'P'))
			read_untouched(&map, states);
		for (size_t q = 0; q < ARRAY_SIZE(questions); q++)
			CLAIM_STREQ("", scan_differs(&map, states, &questions[q]));
	}
}

QUIET_TEST_F(swappable, scan_does_not_report_swapped_shared_pages)
{
	struct question swapped = { "swapped", PAGE_IS_SWAPPED, 0, 0, PAGE_IS_SWAPPED };
	struct page_region region;
	struct range map;
	struct pm_scan_arg arg;

	NEED_OR_SKIP(SCAN);
	NEED_OR_SKIP(SWAP);
	ASSERT_EQ(0, map_swapped(&map, variant->kind, PAGES));
	scene_add("swapped", NULL, &map);

	arg = scan_arg(&map, &swapped, &region, 1);
	if (variant->kind != PRIVATE) {
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
	ASSERT_EQ(0, map_kind(&map, PRIVATE, PAGES));
	scene_add("checkers", NULL, &map);
	ASSERT_EQ(0, put_in_states(&map, CHECKERS));

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

	CLAIM_STREQ("", regions_differ(question->name, expected,
				       regions_expected(&map, CHECKERS, question, expected),
				       all, (ssize_t)count));
}

/* ---- the data survive ---- */

/*
 * What swap and what compresses it treat each in a way of its own: a page of
 * one value need not be written at all, one that almost is must be.
 */
enum content { RANDOM, ZEROS, ONE_VALUE, ONE_WORD, LAST_DIFFERS, FIRST_DIFFERS, NR_CONTENTS };

static enum content content_of(size_t page, unsigned int round)
{
	return (page + round) % NR_CONTENTS;
}

static unsigned int content_seed(size_t page, unsigned int round)
{
	return (unsigned int)page + round * PAGES;
}

static uint8_t content_byte(size_t page, size_t offset, unsigned int round)
{
	static const uint8_t word[8] = { 0xde, 0xad, 0xbe, 0xef, 0x01, 0x02, 0x03, 0x04 };

	switch (content_of(page, round)) {
	case ZEROS:
		return 0;
	case ONE_VALUE:
		return (uint8_t)(0xa0 + round);
	case ONE_WORD:
		return word[offset % 8] ^ (uint8_t)(page << 3);
	case LAST_DIFFERS:
		return offset == page_size() - 1 ? (uint8_t)(page + 1) : 0;
	case FIRST_DIFFERS:
		return offset ? 0x55 : (uint8_t)(page + 1);
	default:
		return pattern_byte(offset, content_seed(page, round));
	}
}

/* The content of a whole page, until the next call. */
static const uint8_t *content(size_t page, unsigned int round)
{
	static uint8_t bytes[64 << 10];
	size_t size = page_size() < sizeof(bytes) ? page_size() : sizeof(bytes);

	if (content_of(page, round) == RANDOM) {
		pattern_fill(bytes, size, content_seed(page, round));
		return bytes;
	}
	/* Eight bytes again and again, but for the first byte and the last. */
	for (size_t at = 0; at < 16; at++)
		bytes[at] = content_byte(page, at, round);
	for (size_t at = 16; at < size; at += 8)
		memcpy(bytes + at, bytes + 8, 8);
	bytes[size - 1] = content_byte(page, size - 1, round);
	return bytes;
}

static void fill_contents(const struct range *map, size_t i, unsigned int round)
{
	memcpy(page_at(map, i), content(i, round), page_size());
}

static bool contents_wrong(const struct range *map, size_t i, unsigned int round)
{
	return memcmp(page_at(map, i), content(i, round), page_size());
}

/* Who asks for a page decides how it is brought back; the data stay. */
static int bring_back(const struct range *map, size_t i, unsigned int round)
{
	char *addr = page_at(map, i);
	uint8_t byte = content_byte(i, 7, round);

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

static bool all_out(const struct range *map)
{
	size_t pss;

	return pagemap_count(0, map->addr, map->pages, PM_PRESENT, 0) == (ssize_t)map->pages &&
	       swap_of(0, map->addr, map->pages, &pss) == map->len;
}

QUIET_TEST_F(swappable, data_survive_swap_out_and_in)
{
	struct range map;

	scene_history("13ddaf26be32, 678e54d4bb9a: swap-in that raced and gave stale data");
	NEED_OR_SKIP(SWAP);
	ASSERT_EQ(0, map_kind(&map, variant->kind, PAGES));
	scene_add("swapped again and again", NULL, &map);
	for (unsigned int round = 0; round < 2; round++) {
		for (size_t i = 0; i < PAGES; i++)
			fill_contents(&map, i, round);
		ASSERT_EQ(0, swap_out(&map));
		CLAIM_TRUE(all_out(&map));
		for (size_t i = 0; i < PAGES; i++) {
			size_t next = i * 37 % PAGES;

			ASSERT_EQ(0, bring_back(&map, next, round));
			CLAIM_FALSE(contents_wrong(&map, next, round));
		}
		for (size_t i = 0; i < PAGES; i++)
			CLAIM_FALSE(contents_wrong(&map, i, round));
	}
}

/* Each page of it has a slot of its own, whether it leaves as a whole or in pieces. */
QUIET_TEST(huge_page_survives_swap_out_and_in)
{
	struct range map;

	scene_history("13ddaf26be32, 678e54d4bb9a: swap-in that raced and gave stale data");
	NEED_OR_SKIP(SWAP);
	NEED_OR_SKIP(THP);
	MAP_THP_OR_SKIP(&map);
	scene_add("huge", NULL, &map);
	pattern_fill(map.addr, map.len, 1);

	ASSERT_EQ(0, swap_out(&map));
	CLAIM_TRUE(all_out(&map));
	CLAIM_DATA(0, pattern_diff(map.addr, map.len, 1));
	CLAIM_ACCOUNTS_AGREE(0, &map);
	/* In pieces, and each at its place, also when they leave once more. */
	pattern_fill(map.addr, map.len, 2);
	ASSERT_EQ(0, swap_out(&map));
	CLAIM_TRUE(all_out(&map));
	CLAIM_DATA(0, pattern_diff(map.addr, map.len, 2));
}

/* What is read back may keep its slot: a later change must not be lost on it. */
QUIET_TEST_F(swappable, change_after_swap_in_survives_the_next_swap_out)
{
	struct range map;

	scene_history("678e54d4bb9a: stale data after swap-in");
	NEED_OR_SKIP(SWAP);
	ASSERT_EQ(0, map_kind(&map, variant->kind, PAGES));
	scene_add("changed between", NULL, &map);
	for (size_t i = 0; i < PAGES; i++)
		fill_page(&map, i);
	ASSERT_EQ(0, swap_out(&map));
	for (size_t i = 0; i < PAGES; i++)
		ASSERT_EQ(pattern_byte(0, (unsigned int)i + 1), load(page_at(&map, i)));
	for (size_t i = 0; i < PAGES; i += 2) {
		uint8_t first = pattern_byte(0, (unsigned int)i + 1);

		ASSERT_EQ(0, store(page_at(&map, i), (uint8_t)~first));
	}

	ASSERT_EQ(0, swap_out(&map));
	CLAIM_TRUE(all_out(&map));

	for (size_t i = 0; i < PAGES; i++) {
		uint8_t first = pattern_byte(0, (unsigned int)i + 1);

		CLAIM_DATA(i % 2 ? first : (uint8_t)~first, load(page_at(&map, i)));
		CLAIM_DATA(i % 2 ? 0 : 1, pattern_diff(page_at(&map, i), page_size(),
						       (unsigned int)i + 1));
	}
}

QUIET_TEST(swapped_pages_move_with_mremap)
{
	uint64_t before[PAGES], after[PAGES];
	struct range from, to;
	size_t pss, swap;

	NEED_OR_SKIP(SWAP);
	ASSERT_EQ(0, map_kind(&from, PRIVATE, PAGES));
	ASSERT_EQ(0, map_kind(&to, PRIVATE, PAGES));
	ASSERT_EQ(0, put_in_states(&from, CHECKERS));
	scene_add("moved", NULL, &to);
	swap = swap_of(0, from.addr, PAGES, &pss);
	ASSERT_EQ(0, pagemap_read(0, from.addr, PAGES, before));

	ASSERT_EQ(to.addr, mremap(from.addr, from.len, to.len, MREMAP_MAYMOVE | MREMAP_FIXED,
				  to.addr));

	CLAIM_STATES(CHECKERS, &to, false);
	ASSERT_EQ(0, pagemap_read(0, to.addr, PAGES, after));
	/* Same frames and same slots; where both are hidden, at least no change. */
	for (size_t i = 0; i < PAGES; i++)
		CLAIM_EQ(before[i] & ~PM_SOFT_DIRTY, after[i] & ~PM_SOFT_DIRTY);
	CLAIM_EQ(swap, swap_of(0, to.addr, PAGES, &pss));
	CLAIM_EQ(PAGES, pagemap_count(0, from.addr, PAGES, ~0ULL, 0));
	CLAIM_ACCOUNTS_AGREE(0, &to);
	CLAIM_DATA(0, bytes_wrong(&to, CHECKERS));
}

QUIET_TEST_F(object, swapped_data_stay_when_a_mapping_drops_them)
{
	struct object object;
	size_t pss;

	NEED_OR_SKIP(SWAP);
	ASSERT_EQ(0, map_object(&object, variant->kind, variant->middle, PAGES));
	scene_add("dropped", NULL, &object.map);
	ASSERT_EQ(0, put_in_states(&object.map, CHECKERS_CACHED));

	ASSERT_EQ(0, madvise(object.map.addr, object.map.len, MADV_DONTNEED));

	CLAIM_EQ(PAGES, pagemap_count(0, object.map.addr, PAGES, ~PM_SOFT_DIRTY, 0));
	CLAIM_EQ(count_states(CHECKERS_CACHED, 0, PAGES, 'S') * page_size(),
		 swap_of(0, object.map.addr, PAGES, &pss));
	CLAIM_DATA(0, bytes_wrong(&object.map, CHECKERS_CACHED));
}

QUIET_TEST_F(object, swapped_data_go_when_they_are_punched_out)
{
	size_t page = page_size(), pss;
	struct object object;
	char states[] = CHECKERS_CACHED;
	int fd;

	scene_history("8a1968bd997f: truncation beside large swap entries");
	NEED_OR_SKIP(SWAP);
	NEED_OR_SKIP(MAP_FILES);
	ASSERT_EQ(0, map_object(&object, variant->kind, variant->middle, PAGES));
	scene_add("punched", NULL, &object.map);
	ASSERT_EQ(0, put_in_states(&object.map, states));

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
	CLAIM_EQ(count_states(states, 0, PAGES, 'S') * page,
		 swap_of(0, object.map.addr, PAGES, &pss));
	CLAIM_DATA(0, bytes_wrong(&object.map, states));
}

QUIET_TEST(swapped_data_go_when_the_object_is_cut_short)
{
	size_t page = page_size(), pss;
	struct range map;
	int fd;

	scene_history("8a1968bd997f: truncation beside large swap entries");
	NEED_OR_SKIP(SWAP);
	NEED_OR_SKIP(MEMFD);
	fd = scratch_file(SCRATCH_MEMFD, PAGES);
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, map_across_tables(&map, PAGES, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0));
	for (size_t i = 0; i < PAGES; i++)
		fill_page(&map, i);
	ASSERT_EQ(0, swap_out(&map));

	/* In the middle of a page, and back: its head stays, the rest is gone. */
	ASSERT_EQ(0, ftruncate(fd, (off_t)(20 * page + 100)));
	ASSERT_EQ(0, ftruncate(fd, (off_t)(PAGES * page)));

	CLAIM_EQ(1, object_has_data(fd, (off_t)(19 * page)));
	CLAIM_EQ(0, object_has_data(fd, (off_t)(21 * page)));
	CLAIM_GE(21 * page, swap_of(0, map.addr, PAGES, &pss));
	CLAIM_LE(20 * page, swap_of(0, map.addr, PAGES, &pss));
	for (size_t i = 0; i < 20; i++)
		CLAIM_DATA(0, pattern_diff(page_at(&map, i), page, (unsigned int)i + 1));
	CLAIM_DATA(0, pattern_diff(page_at(&map, 20), 100, 21));
	CLAIM_TRUE(all_zero(page_at(&map, 20) + 100, page - 100));
	CLAIM_TRUE(all_zero(page_at(&map, 21), (PAGES - 21) * page));
}

/* ---- fork and swapped memory ---- */

QUIET_TEST(fork_shares_swapped_private_pages)
{
	size_t page = page_size(), swapped = count_states(CHECKERS, 0, PAGES, 'S') * page;
	uint64_t before[PAGES], parent[PAGES], their[PAGES];
	struct peer child, grandchild, second;
	struct range map;
	size_t pss;

	NEED_OR_SKIP(SWAP);
	ASSERT_EQ(0, map_kind(&map, PRIVATE, PAGES));
	scene_add("parent", NULL, &map);
	ASSERT_EQ(0, put_in_states(&map, CHECKERS));
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
	CLAIM_EQ(swapped, swap_of(0, map.addr, PAGES, &pss));
	CLAIM_EQ(swapped / 2, pss);
	CLAIM_EQ(swapped, swap_of(child.pid, map.addr, PAGES, &pss));
	CLAIM_EQ(swapped / 2, pss);
	CLAIM_ACCOUNTS_AGREE(0, &map);
	CLAIM_ACCOUNTS_AGREE(child.pid, &map);

	ASSERT_EQ(0, peer_fork_from(&child, &grandchild));
	ASSERT_EQ(0, peer_fork(&second));
	CLAIM_EQ(swapped, swap_of(grandchild.pid, map.addr, PAGES, &pss));
	CLAIM_EQ(swapped / 4, pss);
	CLAIM_EQ(0, peer_exit(&grandchild));
	CLAIM_EQ(0, munmap_in(&second, map.addr, map.len));
	CLAIM_EQ(swapped, swap_of(0, map.addr, PAGES, &pss));
	CLAIM_EQ(swapped / 2, pss);
	CLAIM_EQ(0, peer_exit(&child));
	CLAIM_EQ(swapped, swap_of(0, map.addr, PAGES, &pss));
	CLAIM_EQ(swapped, pss);
	CLAIM_EQ(0, peer_exit(&second));
	CLAIM_DATA(0, bytes_wrong(&map, CHECKERS));
}

/* Who changes a page that was swapped out when they parted, and what came before. */
VARIANTS_ONLY(parted) { bool parent_writes, other_reads; };
FIXTURE_VARIANT_ADD(parted, parent_writes)		{ true, false };
FIXTURE_VARIANT_ADD(parted, parent_writes_what_child_read)	{ true, true };
FIXTURE_VARIANT_ADD(parted, child_writes)		{ false, false };
FIXTURE_VARIANT_ADD(parted, child_writes_what_parent_read)	{ false, true };

QUIET_TEST_F(parted, pages_swapped_out_before_fork_split_on_write)
{
	size_t page = page_size(), pss;
	struct range map;
	struct peer child;
	struct peer *writer = variant->parent_writes ? NULL : &child;
	struct peer *other = variant->parent_writes ? &child : NULL;

	scene_history("6c287605fd56: who may write to a page that was shared");
	NEED_OR_SKIP(SWAP);
	ASSERT_EQ(0, map_kind(&map, PRIVATE, PAGES));
	scene_add("parent", NULL, &map);
	for (size_t i = 0; i < PAGES; i++)
		fill_page(&map, i);
	ASSERT_EQ(0, swap_out(&map));
	ASSERT_EQ(0, peer_fork(&child));
	scene_add("child", &child, &map);

	for (size_t i = 0; i < PAGES; i++) {
		uint8_t before = pattern_byte(9, (unsigned int)i + 1);
		char *addr = page_at(&map, i);

		if (variant->other_reads)
			CLAIM_DATA(before, load_in(other, addr + 9));
		if (i % 2)
			CLAIM_DATA(before, load_in(writer, addr + 9));
		CLAIM_EQ(0, store_in(writer, addr + 9, 0));
		CLAIM_DATA(before, load_in(other, addr + 9));
		CLAIM_DATA(0, load_in(writer, addr + 9));
		CLAIM_DATA(1, diff_in(writer, addr, page, (unsigned int)i + 1));
		CLAIM_DATA(0, diff_in(other, addr, page, (unsigned int)i + 1));
	}
	CLAIM_EQ(PAGES, pagemap_count(0, map.addr, PAGES, PM_ALL_STATE, entry_of(false, 'P')));
	CLAIM_EQ(PAGES, pagemap_count(child.pid, map.addr, PAGES, PM_ALL_STATE,
				      entry_of(false, 'P')));
	CLAIM_EQ(0, swap_of(0, map.addr, PAGES, &pss) + swap_of(child.pid, map.addr, PAGES, &pss));
	CLAIM_ACCOUNTS_AGREE(0, &map);
	CLAIM_EQ(0, peer_exit(&child));
}

QUIET_TEST_F(object, fork_needs_no_entries_for_swapped_shared_pages)
{
	size_t page = page_size(), swapped = count_states(CHECKERS_CACHED, 0, PAGES, 'S');
	struct object object;
	struct peer child;
	size_t pss;

	NEED_OR_SKIP(SWAP);
	ASSERT_EQ(0, map_object(&object, variant->kind, variant->middle, PAGES));
	scene_add("parent", NULL, &object.map);
	ASSERT_EQ(0, put_in_states(&object.map, CHECKERS_CACHED));
	ASSERT_EQ(0, peer_fork(&child));
	scene_add("child", &child, &object.map);

	CLAIM_STREQ(visible_states(CHECKERS_CACHED, true), seen_states(0, &object.map, true));
	CLAIM_EQ(0, pagemap_count(child.pid, object.map.addr, PAGES, PM_SWAP, PM_SWAP));
	CLAIM_EQ(swapped * page, swap_of(child.pid, object.map.addr, PAGES, &pss));
	CLAIM_EQ(0, pss);
	CLAIM_EQ(swapped * page, swap_of(0, object.map.addr, PAGES, &pss));

	for (size_t i = 0; i < PAGES; i++) {
		if (CHECKERS_CACHED[i] == '.')
			continue;
		CLAIM_DATA(0, diff_in(&child, page_at(&object.map, i), page,
				      (unsigned int)i + 1));
		CLAIM_EQ(0, store_in(&child, page_at(&object.map, i) + 5, 0));
		CLAIM_DATA(0, load(page_at(&object.map, i) + 5));
	}
	CLAIM_EQ(0, swap_of(0, object.map.addr, PAGES, &pss));
	CLAIM_EQ(0, peer_exit(&child));
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
	long long total;
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
	*use = (struct swap_use){ 0, info.swap_free / page, info.swap_total / page };
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

static int swap_out_and_unmap(struct range *map)
{
	for (size_t i = 0; i < map->pages; i++)
		store(page_at(map, i) + i % 64, (uint8_t)(i + 1));
	return swap_out(map) ?: unmap(map);
}

/* Maps, swaps out, gives back; what step of it did not show, "" if all did. */
static const char *use_follows(enum kind kind, size_t many, size_t *outs)
{
	int give_back = kind == PRIVATE ? MADV_DONTNEED : MADV_REMOVE;
	size_t half = many / 2 * page_size();
	struct swap_use before, now;
	struct range map;
	struct peer child;

	*outs = many;
	if (swap_use(&before) || map_swapped(&map, kind, many))
		return "swap-out failed";
	if (!use_changes(&before, (long long)many, &now))
		return "swapping out";
	if (peer_fork(&child) || !use_changes(&before, (long long)many, &now))
		return "sharing with a child";
	if (madvise(map.addr, half, give_back) || peer_exit(&child))
		return "giving back failed";
	if (!use_changes(&before, (long long)many / 2, &now))
		return "giving one half back";
	/* What was read or written, and then given back, has no slot any more. */
	for (size_t i = many / 2; i < many; i++)
		if (i % 2 ? load(page_at(&map, i)) < 0 : store(page_at(&map, i), 0))
			return "swap-in failed";
	if (madvise(map.addr + half, half, give_back))
		return "giving back failed";
	if (!use_changes(&before, 0, &now))
		return "swapping the other half in";
	*outs = 2 * many;
	if (swap_out_and_unmap(&map))
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
	size_t many = 4 * SLOT_BATCH, outs;
	const char *trouble = "untried";
	bool others = false;
	int failures = 0;

	scene_history("4f78252da887: SwapFree drifting");
	NEED_OR_SKIP(SWAP);
	for (int tries = 0; *trouble && failures < 3 && tries < 12; tries++) {
		long long before = vmstat_swap_outs();
		bool shared = swaparea_is_shared(provided_area());

		trouble = use_follows(variant->kind, many, &outs);
		others = shared || swaparea_is_shared(provided_area()) ||
			 vmstat_swap_outs() - before > (long long)outs;
		failures = others ? 0 : failures + 1;
	}
	if (*trouble && others)
		SKIP(return, "inconclusive: others keep swapping");
	if (*trouble && swap_cache_in_use())
		SKIP(return, "inconclusive: the swap cache does not let go of the pages");
	CLAIM_STREQ("", trouble);
}

/* ---- without privilege ---- */

enum who { NOBODY_AT_ALL, ROOT_OF_A_NAMESPACE };

VARIANTS_ONLY(unprivileged) { enum who who; enum kind kind; };
FIXTURE_VARIANT_ADD(unprivileged, nobody_private)	{ NOBODY_AT_ALL, PRIVATE };
FIXTURE_VARIANT_ADD(unprivileged, nobody_shared)	{ NOBODY_AT_ALL, SHARED };
FIXTURE_VARIANT_ADD(unprivileged, namespace_private)	{ ROOT_OF_A_NAMESPACE, PRIVATE };
FIXTURE_VARIANT_ADD(unprivileged, namespace_shared)	{ ROOT_OF_A_NAMESPACE, SHARED };

/* What it takes to become somebody with less privilege, where there is any. */
static enum need need_to_become(enum who who)
{
	if (who == ROOT_OF_A_NAMESPACE)
		return NEED_USERNS;
	return privilege_is_full(CAP_SYS_ADMIN) ? NEED_DROP : NO_NEED;
}

static int become(enum who who)
{
	if (who == NOBODY_AT_ALL)
		return need_to_become(who) == NO_NEED ? 0 : privilege_drop();
	if (unshare(CLONE_NEWUSER) || prctl(PR_SET_DUMPABLE, 1))
		return -errno;
	return 0;
}

#define PM_PFN_MASK	((1ULL << PM_PFN_BITS) - 1)

/* Which entries are not what they were with frames and slots left out. */
static const char *hidden_wrong(const struct range *map, const uint64_t *before)
{
	static char wrong[PAGES + 1];
	uint64_t after[PAGES];

	if (pagemap_read(0, map->addr, map->pages, after))
		return "unreadable";
	memset(wrong, 0, sizeof(wrong));
	for (size_t i = 0; i < map->pages; i++)
		wrong[i] = after[i] & PM_PFN_MASK ? '!' :
			   after[i] != (before[i] & ~PM_PFN_MASK) ? '?' : '-';
	return strspn(wrong, "-") == map->pages ? "" : wrong;
}

QUIET_TEST_F(unprivileged, states_are_seen_but_no_frames)
{
	uint64_t before[PAGES];
	struct range map;

	scene_history("ab676b7d6fbf: page frame numbers are for CAP_SYS_ADMIN");
	NEED_ONE_OR_SKIP(need_to_become(variant->who));
	ASSERT_EQ(0, map_kind(&map, variant->kind, PAGES));
	scene_add("half of it present", NULL, &map);
	for (size_t i = 0; i < PAGES; i += 2)
		fill_page(&map, i);
	if (variant->kind == PRIVATE)
		for (size_t i = 1; i < PAGES; i += 4)
			ASSERT_EQ(0, load(page_at(&map, i)));
	ASSERT_EQ(0, pagemap_read(0, map.addr, PAGES, before));

	ASSERT_EQ(0, become(variant->who));

	CLAIM_STREQ("", hidden_wrong(&map, before));
	CLAIM_EQ(PAGES / 2, pagemap_count(0, map.addr, PAGES, PM_ALL_STATE,
					  entry_of(variant->kind != PRIVATE, 'P')));
	CLAIM_ACCOUNTS_AGREE(0, &map);
}

QUIET_TEST_F(unprivileged, states_are_seen_but_no_slots)
{
	uint64_t before[PAGES];
	struct range map;

	scene_history("ab676b7d6fbf: page frame numbers are for CAP_SYS_ADMIN");
	NEED_OR_SKIP(SWAP);
	NEED_ONE_OR_SKIP(need_to_become(variant->who));
	ASSERT_EQ(0, map_kind(&map, variant->kind, PAGES));
	scene_add("checkers", NULL, &map);
	ASSERT_EQ(0, put_in_states(&map, CHECKERS));
	ASSERT_EQ(0, pagemap_read(0, map.addr, PAGES, before));

	ASSERT_EQ(0, become(variant->who));

	CLAIM_STREQ("", hidden_wrong(&map, before));
	CLAIM_STATES(CHECKERS, &map, variant->kind != PRIVATE);
	CLAIM_ACCOUNTS_AGREE(0, &map);
	if (need_met(NEED_SCAN))
		for (size_t q = 0; q < ARRAY_SIZE(questions); q++)
			CLAIM_STREQ("", scan_differs(&map, CHECKERS, &questions[q]));
	CLAIM_DATA(0, bytes_wrong(&map, CHECKERS));
}

/* A privileged program that is handed a descriptor tells nothing by it. */
QUIET_TEST(who_opened_pagemap_decides_not_who_reads)
{
	off_t at;
	uint64_t entry = 0;
	struct range map;
	int fd;

	NEED_OR_SKIP(PFN);
	NEED_OR_SKIP(DROP);
	ASSERT_EQ(0, map_private(&map, 1));
	ASSERT_EQ(0, store(map.addr, 1));
	at = (off_t)((uintptr_t)map.addr / page_size() * sizeof(entry));

	ASSERT_EQ(0, seteuid(NOBODY));
	ASSERT_EQ(0, prctl(PR_SET_DUMPABLE, 1));
	fd = procfs_open(0, "pagemap", O_RDONLY);
	ASSERT_EQ(0, seteuid(0));
	ASSERT_LE(0, fd);

	ASSERT_EQ(sizeof(entry), pread(fd, &entry, sizeof(entry), at));
	CLAIM_EQ(PM_PRESENT | PM_EXCLUSIVE, entry & PM_ALL_STATE);
	CLAIM_EQ(0, pm_pfn(entry));
	CLAIM_NE(0, pm_pfn(pagemap_entry(0, map.addr)));
}

/* What is not refused although it should be: the name of it, else "". */
static const char *unless_refused(const char *name, long err)
{
	return err == -EACCES || err == -EPERM ? "" : name;
}

static int try_open(const char *path, int flags)
{
	int fd = open(path, flags | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	close(fd);
	return 0;
}

QUIET_TEST(kpage_files_do_not_open)
{
	static const char * const paths[] = {
		"/proc/kpageflags", "/proc/kpagecount", "/proc/kpagecgroup"
	};

	NEED_ONE_OR_SKIP(need_to_become(NOBODY_AT_ALL));
	ASSERT_EQ(0, become(NOBODY_AT_ALL));

	for (size_t i = 0; i < ARRAY_SIZE(paths); i++) {
		if (access(paths[i], F_OK))	/* not in this kernel */
			continue;
		CLAIM_STREQ("", unless_refused(paths[i], try_open(paths[i], O_RDONLY)));
		CLAIM_STREQ("", unless_refused(paths[i], try_open(paths[i], O_RDWR)));
	}
}

/* Whose memory somebody without privilege wants to look at. */
VARIANTS_ONLY(foreign) { bool same_user; };
FIXTURE_VARIANT_ADD(foreign, another_user)			{ .same_user = false };
FIXTURE_VARIANT_ADD(foreign, same_user_with_capabilities)	{ .same_user = true };

static const struct {
	const char *name;
	int flags;
	bool owner_may;		/* by the file's mode alone */
} foreign_files[] = {
	{ "pagemap",		O_RDONLY,	false },
	{ "maps",		O_RDONLY,	false },
	{ "smaps",		O_RDONLY,	false },
	{ "smaps_rollup",	O_RDONLY,	false },
	{ "numa_maps",		O_RDONLY,	false },
	{ "mem",		O_RDONLY,	false },
	{ "mem",		O_RDWR,		false },
	{ "map_files",		O_RDONLY,	false },
	{ "clear_refs",		O_WRONLY,	true },
};

/* Opens, and lists what is a directory: that is refused where it is not to open. */
static long do_look_at(void *addr, size_t len, long arg)
{
	int fd = procfs_open((pid_t)arg, foreign_files[len].name, foreign_files[len].flags);
	char text[512];
	long ret = 0;

	(void)addr;
	if (fd < 0)
		return fd;
	if (!strcmp(foreign_files[len].name, "map_files"))
		while ((ret = syscall(SYS_getdents64, fd, text, sizeof(text))) > 0)
			;
	if (ret < 0)
		ret = -errno;
	close(fd);
	return ret;
}

static long do_become_nobody(void *addr, size_t len, long keep)
{
	(void)addr;
	(void)len;
	if (prctl(PR_SET_KEEPCAPS, keep, 0, 0, 0))
		return -errno;
	return privilege_drop();
}

QUIET_TEST_F(foreign, memory_files_do_not_open)
{
	struct peer target, stranger;

	NEED_OR_SKIP(DROP);
	ASSERT_EQ(0, peer_fork(&target));
	ASSERT_EQ(0, peer_fork(&stranger));
	if (variant->same_user)
		ASSERT_EQ(0, peer_call(&target, do_become_nobody, NULL, 0, 1));
	ASSERT_EQ(0, peer_call(&stranger, do_become_nobody, NULL, 0, 0));

	for (size_t i = 0; i < ARRAY_SIZE(foreign_files); i++) {
		const char *name = foreign_files[i].name;
		long own = peer_call(&stranger, do_look_at, NULL, i, 0);

		if (own == -ENOENT)	/* not in this kernel */
			continue;
		/* One's own can be looked at: that refusals mean something. */
		CLAIM_STREQ("", own ? name : "");
		if (variant->same_user && foreign_files[i].owner_may)
			continue;
		CLAIM_STREQ("", unless_refused(name, peer_call(&stranger, do_look_at, NULL, i,
							       target.pid)));
	}
	CLAIM_EQ(0, peer_exit(&target));
	CLAIM_EQ(0, peer_exit(&stranger));
}

/* ---- reading pagemap itself ---- */

QUIET_TEST(unaligned_reads_are_refused)
{
	size_t entry = sizeof(uint64_t);
	struct range map;
	char buf[64];
	off_t at;
	int fd;

	/* The stack may end where the entries do. */
	ASSERT_EQ(0, map_private(&map, sizeof(buf) / entry));
	fd = procfs_open(0, "pagemap", O_RDONLY);
	ASSERT_LE(0, fd);
	at = (off_t)((uintptr_t)map.addr / page_size() * entry);

	for (size_t skew = 1; skew < entry; skew++) {
		CLAIM_EQ(-EINVAL, pread(fd, buf, entry, at + (off_t)skew) < 0 ? -errno : 0);
		CLAIM_EQ(-EINVAL, pread(fd, buf, skew, at) < 0 ? -errno : 0);
		CLAIM_EQ(-EINVAL, pread(fd, buf, entry + skew, at) < 0 ? -errno : 0);
		CLAIM_EQ(-EINVAL, pread(fd, buf, skew, at + (off_t)entry) < 0 ? -errno : 0);
	}
	CLAIM_EQ(0, pread(fd, buf, 0, at));
	CLAIM_EQ(entry, pread(fd, buf, entry, at));
	CLAIM_EQ(sizeof(buf), pread(fd, buf, sizeof(buf), at));
}

/* The first page that pagemap has no entry for; 0 where that is out of reach. */
static uint64_t end_of_pagemap(int fd)
{
	/* Above bit 56 some CPUs ignore what addresses have. */
	uint64_t entry, last = UINTPTR_MAX / page_size(), first = 0;

	if (sizeof(long) > 4)
		last = (1ULL << 56) / page_size() - 1;
	if (pread(fd, &entry, sizeof(entry), (off_t)(last * sizeof(entry))))
		return 0;
	while (first < last) {
		uint64_t middle = first + (last - first) / 2;

		if (pread(fd, &entry, sizeof(entry), (off_t)(middle * sizeof(entry))))
			first = middle + 1;
		else
			last = middle;
	}
	return last;
}

QUIET_TEST(reads_end_at_the_end_of_the_address_space)
{
	uint64_t entries[1100], end;
	off_t at;
	int fd;

	fd = procfs_open(0, "pagemap", O_RDONLY);
	ASSERT_LE(0, fd);
	end = end_of_pagemap(fd);
	if (!end)
		SKIP(return, "needs address_space: an end of it below 64 PiB");
	at = (off_t)(end * sizeof(*entries));

	/* All that a program can map is before it. */
	CLAIM_LT((uintptr_t)entries / page_size(), end);
	if (end <= UINTPTR_MAX / page_size())
		CLAIM_EQ(MAP_FAILED, mmap((void *)(uintptr_t)(end * page_size()), page_size(),
					  PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS |
					  MAP_FIXED_NOREPLACE, -1, 0));
	CLAIM_EQ(0, pread(fd, entries, sizeof(entries), at));
	CLAIM_EQ(0, pread(fd, entries, sizeof(entries), at + 8));
	for (off_t before = 1; before <= 1025; before += before < 4 ? 1 : 511) {
		memset(entries, 0xff, sizeof(entries));
		CLAIM_EQ(before * 8, pread(fd, entries, sizeof(entries), at - before * 8));
		CLAIM_EQ(~0ULL, entries[before]);
		CLAIM_NE(~0ULL, entries[before - 1]);
	}
}

/*
 * Pages of every state, mappings of both kinds, and holes between them, over
 * more than two page tables: what large reads walk in steps.
 */
static int map_patchwork(struct range *map, size_t pages)
{
	size_t page = page_size();
	int ret = map_across_tables(map, pages, PROT_READ | PROT_WRITE,
				    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	for (size_t i = 0; !ret && i < pages; i += i % 7 + 1)
		store(page_at(map, i), 1);
	for (size_t i = 5; !ret && i + 40 < pages; i += pages / 16) {
		if (munmap(page_at(map, i), 3 * page) ||
		    mmap(page_at(map, i + 20), 7 * page, PROT_READ | PROT_WRITE,
			 MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == MAP_FAILED)
			return -errno;
		store(page_at(map, i + 22), 1);
	}
	/* A hole over the boundary. */
	if (!ret && munmap(page_at(map, pages / 2 - 3), 7 * page))
		ret = -errno;
	return ret;
}

/* The entry of each page by a read of its own. */
static int read_one_by_one(int fd, const struct range *map, uint64_t *entries)
{
	off_t at = (off_t)((uintptr_t)map->addr / page_size() * sizeof(*entries));

	for (size_t i = 0; i < map->pages; i++)
		if (pread(fd, &entries[i], sizeof(*entries), at + (off_t)(i * 8)) != 8)
			return -EIO;
	return 0;
}

QUIET_TEST(large_reads_agree_with_single_ones)
{
	static const size_t lengths[] = { 2, 3, 7, 8, 31, 100, 511, 512, 513, 1023, 1025 };
	/* Not a multiple of it: with large pages that might be all memory. */
	size_t table = (thp_pmd_size() ?: page_table_span()) / page_size();
	size_t pages = 2 * (table > 512 ? table : 512) + 300, wrong = 0;
	uint64_t *one, *many;
	struct range map;
	off_t at;
	int fd;

	ASSERT_EQ(0, map_patchwork(&map, pages));
	one = calloc(pages, sizeof(*one));
	many = calloc(pages, sizeof(*many));
	fd = procfs_open(0, "pagemap", O_RDONLY);
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, read_one_by_one(fd, &map, one));
	at = (off_t)((uintptr_t)map.addr / page_size() * sizeof(*one));

	CLAIM_EQ(pages * 8, pread(fd, many, pages * 8, at));
	CLAIM_EQ(0, memcmp(one, many, pages * 8));
	for (size_t i = 0; i < ARRAY_SIZE(lengths); i++) {
		for (size_t first = i; first + lengths[i] <= pages; first += 41 + i) {
			ssize_t want = (ssize_t)lengths[i] * 8;

			many[lengths[i]] = ~0ULL;
			wrong += pread(fd, many, (size_t)want, at + (off_t)first * 8) != want;
			wrong += !!memcmp(one + first, many, (size_t)want);
			wrong += lengths[i] < pages && many[lengths[i]] != ~0ULL;
		}
	}
	CLAIM_EQ(0, wrong);
	/* Holes have nothing at all, not even soft-dirty. */
	for (size_t i = pages / 2 - 3; i < pages / 2 + 4; i++)
		CLAIM_EQ(0, one[i]);
	CLAIM_EQ(PM_PRESENT, one[0] & (PM_PRESENT | PM_SWAP));
}

QUIET_TEST(reads_of_a_huge_page_agree_wherever_they_begin)
{
	uint64_t *whole, *part;
	struct range map;
	size_t wrong = 0;

	scene_history("3f9f022e975d, 2c1f057e5be6: pagemap bits of what a PMD maps");
	NEED_OR_SKIP(THP);
	MAP_THP_OR_SKIP(&map);
	scene_add("huge", NULL, &map);
	whole = calloc(map.pages, sizeof(*whole));
	part = calloc(map.pages, sizeof(*part));
	ASSERT_NE(NULL, whole);
	ASSERT_NE(NULL, part);
	ASSERT_EQ(0, pagemap_read(0, map.addr, map.pages, whole));

	for (size_t i = 1; i < map.pages; i = 2 * i + 1) {
		ASSERT_EQ(0, pagemap_read(0, page_at(&map, i), map.pages - i, part));
		wrong += !!memcmp(whole + i, part, (map.pages - i) * sizeof(*part));
		wrong += whole[i] != pagemap_entry(0, page_at(&map, i));
	}
	CLAIM_EQ(0, wrong);
	CLAIM_EQ(0, pagemap_out_of_row(0, map.addr, map.pages));
	free(whole);
	free(part);
}

/* ---- frames: who maps them, and what they are ---- */

/* How many pages of a mapping lie in frames that are mapped a number of times. */
static size_t mapped_times(pid_t pid, const struct range *map, uint64_t times)
{
	bool exclusive = times == 1;	/* is mapped once */
	size_t pages = 0;

	for (size_t i = 0; i < map->pages; i++) {
		uint64_t entry = pagemap_entry(pid, page_at(map, i)), count;

		if (entry & PM_PRESENT && pm_pfn(entry) && !kpage_count(pm_pfn(entry), &count) &&
		    count == times && !!(entry & PM_EXCLUSIVE) == exclusive)
			pages++;
	}
	return pages;
}

QUIET_TEST_F(swappable, kpagecount_is_the_number_of_mappers)
{
	struct peer child, grandchild, second;
	size_t pages = 8, page = page_size();
	struct range map;

	NEED_OR_SKIP(KPAGE);
	ASSERT_EQ(0, map_kind(&map, variant->kind, pages));
	scene_add("parent", NULL, &map);
	for (size_t i = 0; i < pages; i++)
		fill_page(&map, i);
	CLAIM_EQ(pages, mapped_times(0, &map, 1));

	/* fork() leaves it to faults to map shared memory in a child. */
	ASSERT_EQ(0, peer_fork(&child));
	scene_add("child", &child, &map);
	CLAIM_DATA(0, diff_in(&child, map.addr, page, 1));
	for (size_t i = 1; i < pages; i++)
		ASSERT_LE(0, load_in(&child, page_at(&map, i)));
	CLAIM_EQ(pages, mapped_times(0, &map, 2));
	CLAIM_EQ(pages, mapped_times(child.pid, &map, 2));

	ASSERT_EQ(0, peer_fork_from(&child, &grandchild));
	ASSERT_EQ(0, peer_fork(&second));
	for (size_t i = 0; i < pages; i++) {
		ASSERT_LE(0, load_in(&grandchild, page_at(&map, i)));
		ASSERT_LE(0, load_in(&second, page_at(&map, i)));
	}
	CLAIM_EQ(pages, mapped_times(0, &map, 4));
	CLAIM_EQ(pages, mapped_times(grandchild.pid, &map, 4));

	CLAIM_EQ(0, peer_exit(&child));
	CLAIM_EQ(pages, mapped_times(0, &map, 3));
	CLAIM_EQ(0, munmap_in(&second, map.addr, map.len));
	CLAIM_EQ(pages, mapped_times(0, &map, 2));
	CLAIM_EQ(pages, mapped_times(grandchild.pid, &map, 2));
	CLAIM_EQ(0, madvise_in(&grandchild, page_at(&map, 2), 3 * page, MADV_DONTNEED));
	CLAIM_EQ(3, mapped_times(0, &map, 1));
	CLAIM_EQ(pages - 3, mapped_times(0, &map, 2));
	CLAIM_EQ(0, peer_exit(&grandchild));
	CLAIM_EQ(pages, mapped_times(0, &map, 1));
	CLAIM_EQ(0, peer_exit(&second));
}

/* One process may map a page of an object twice. */
QUIET_TEST(kpagecount_counts_mappings_not_processes)
{
	struct range one, two;
	size_t pages = 8;
	int fd;

	NEED_OR_SKIP(KPAGE);
	NEED_OR_SKIP(MEMFD);
	fd = scratch_file(SCRATCH_MEMFD, pages);
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, map_across_tables(&one, pages, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0));
	ASSERT_EQ(0, map_again(&two, &one, fd, 0));
	scene_add("one", NULL, &one);
	scene_add("two", NULL, &two);
	for (size_t i = 0; i < pages; i++)
		fill_page(&one, i);
	CLAIM_EQ(pages, mapped_times(0, &one, 1));
	CLAIM_DATA(0, bytes_wrong(&two, "PPPPPPPP"));
	CLAIM_EQ(pages, mapped_times(0, &one, 2));
	CLAIM_EQ(pages, mapped_times(0, &two, 2));
	ASSERT_EQ(0, unmap(&two));
	CLAIM_EQ(pages, mapped_times(0, &one, 1));
}

#define FRAME_FLAGS	(KPF(LRU) | KPF(SLAB) | KPF(BUDDY) | KPF(MMAP) | KPF(ANON) |	\
			 KPF(SWAPCACHE) | KPF(SWAPBACKED) | KPF(COMPOUND_HEAD) |	\
			 KPF(COMPOUND_TAIL) | KPF(HUGE) | KPF(UNEVICTABLE) |		\
			 KPF(HWPOISON) | KPF(NOPAGE) | KPF(THP) | KPF(OFFLINE) |	\
			 KPF(ZERO_PAGE) | KPF(PGTABLE))

/* On an LRU list as soon as the batch of this CPU has been seen to. */
QUIET_TEST_F(swappable, kpageflags_tell_what_a_page_is)
{
	uint64_t flags, want = KPF(LRU) | KPF(MMAP) | KPF(SWAPBACKED);
	size_t pages = 16;
	struct range map;

	NEED_OR_SKIP(KPAGE);
	if (variant->kind == PRIVATE)
		want |= KPF(ANON);
	ASSERT_EQ(0, pin_to_cpu());
	ASSERT_EQ(0, map_kind(&map, variant->kind, pages));
	scene_add("touched", NULL, &map);
	for (size_t i = 0; i < pages; i++)
		fill_page(&map, i);
	ASSERT_EQ(0, lru_drain());

	for (size_t i = 0; i < pages; i++) {
		uint64_t pfn = pm_pfn(pagemap_entry(0, page_at(&map, i)));

		ASSERT_NE(0, pfn);
		ASSERT_EQ(0, kpage_flags(pfn, &flags));
		CLAIM_EQ(want, flags & FRAME_FLAGS);
		CLAIM_EQ(KPF(UPTODATE), flags & (KPF(UPTODATE) | KPF(ERROR)));
	}
}

QUIET_TEST(kpageflags_tell_the_zero_page)
{
	struct range map;
	uint64_t flags;

	NEED_OR_SKIP(KPAGE);
	ASSERT_EQ(0, map_private(&map, 4));
	scene_add("only read", NULL, &map);
	for (size_t i = 0; i < 4; i++) {
		ASSERT_EQ(0, load(page_at(&map, i)));
		ASSERT_NE(0, pm_pfn(pagemap_entry(0, page_at(&map, i))));
		ASSERT_EQ(0, kpage_flags(pm_pfn(pagemap_entry(0, page_at(&map, i))), &flags));
		CLAIM_EQ(KPF(ZERO_PAGE), flags & (FRAME_FLAGS & ~KPF(MMAP)));
	}
}

/* ---- soft-dirty: written since it was last cleared ---- */

/* The pages that carry a mark, as letters: 'D', else '.'; what else they are is not looked at. */
static const char *marked(const struct range *map, uint64_t bit)
{
	static char seen[PAGES + 1];
	uint64_t entries[PAGES];

	memset(seen, 0, sizeof(seen));
	if (pagemap_read(0, map->addr, map->pages, entries))
		return "unreadable";
	for (size_t i = 0; i < map->pages; i++)
		seen[i] = entries[i] & bit ? 'D' : '.';
	return seen;
}

static const char *soft_dirty(const struct range *map)
{
	return marked(map, PM_SOFT_DIRTY);
}

/* The pages that a test writes to: those that are 'S' on the board. */
static const char *written(const char *board)
{
	static char dirty[PAGES + 1];

	for (size_t i = 0; i <= PAGES; i++)
		dirty[i] = board[i] == 'S' ? 'D' : board[i] ? '.' : 0;
	return dirty;
}

static int write_to(const struct range *map, const char *board)
{
	static const touch_fn touch[] = { touch_by_store, touch_by_syscall, touch_by_mem };
	int ret = 0;

	for (size_t i = 0; !ret && i < map->pages; i++)
		if (board[i] == 'S')
			ret = touch[i % ARRAY_SIZE(touch)](page_at(map, i) + i, 1);
	return ret;
}

static const char *none_dirty(void)
{
	static char none[PAGES + 1];

	memset(none, '.', PAGES);
	return none;
}

static int map_watched(struct range *map, enum kind kind)
{
	int ret = map_kind(map, kind, PAGES);

	for (size_t i = 0; !ret && i < PAGES; i++)
		fill_page(map, i);
	return ret ?: soft_dirty_clear(0);
}

QUIET_TEST_F(swappable, soft_dirty_pages_are_those_written_since)
{
	struct range map;

	scene_history("76aefad628aa, 6707915e030a, 9658d698a8a8: soft-dirty lost");
	NEED_OR_SKIP(SOFT_DIRTY);
	ASSERT_EQ(0, map_watched(&map, variant->kind));
	scene_add("written", NULL, &map);
	CLAIM_STREQ(none_dirty(), soft_dirty(&map));

	ASSERT_EQ(0, write_to(&map, CHECKERS));
	CLAIM_STREQ(written(CHECKERS), soft_dirty(&map));
	for (size_t i = 0; i < PAGES; i++)
		ASSERT_LE(0, load(page_at(&map, i)));
	CLAIM_STREQ(written(CHECKERS), soft_dirty(&map));

	ASSERT_EQ(0, soft_dirty_clear(0));
	CLAIM_STREQ(none_dirty(), soft_dirty(&map));
	ASSERT_EQ(0, write_to(&map, CHECKERS_OTHER));
	CLAIM_STREQ(written(CHECKERS_OTHER), soft_dirty(&map));
	/* Given back and touched again is written, too. */
	ASSERT_EQ(0, soft_dirty_clear(0));
	ASSERT_EQ(0, madvise(map.addr, map.len, MADV_DONTNEED));
	ASSERT_EQ(0, write_to(&map, CHECKERS));
	CLAIM_STREQ(written(CHECKERS), soft_dirty(&map));
}

QUIET_TEST_F(swappable, soft_dirty_survives_mprotect)
{
	size_t page = page_size();
	struct range map;

	scene_history("76aefad628aa: writes after mprotect() not marked soft-dirty");
	NEED_OR_SKIP(SOFT_DIRTY);
	ASSERT_EQ(0, map_watched(&map, variant->kind));
	scene_add("protected and back", NULL, &map);
	ASSERT_EQ(0, write_to(&map, CHECKERS));

	/* Splits the mapping in three, and merges it again. */
	ASSERT_EQ(0, mprotect(page_at(&map, 9), 40 * page, PROT_READ));
	CLAIM_STREQ(written(CHECKERS), soft_dirty(&map));
	ASSERT_EQ(0, mprotect(page_at(&map, 9), 40 * page, PROT_READ | PROT_WRITE));
	CLAIM_STREQ(written(CHECKERS), soft_dirty(&map));

	ASSERT_EQ(0, soft_dirty_clear(0));
	ASSERT_EQ(0, mprotect(map.addr, map.len, PROT_READ));
	ASSERT_EQ(0, mprotect(map.addr, map.len, PROT_READ | PROT_WRITE));
	CLAIM_STREQ(none_dirty(), soft_dirty(&map));
	ASSERT_EQ(0, write_to(&map, CHECKERS_OTHER));
	CLAIM_STREQ(written(CHECKERS_OTHER), soft_dirty(&map));
}

/* A move, or a neighbour, may make pages dirty that were clean; never the reverse. */
static const char *dirt_lost(const struct range *map, const char *board)
{
	const char *dirty = written(board), *seen = soft_dirty(map);

	for (size_t i = 0; i < map->pages; i++)
		if (dirty[i] == 'D' && seen[i] != 'D')
			return seen;
	return "";
}

/* Plain memory, with a page behind it that is no part of the mapping: room for a neighbour. */
static int map_with_room(struct range *map)
{
	int ret = map_kind(map, PRIVATE, PAGES + 1);

	if (ret)
		return ret;
	/* A huge page, which 64 large pages have room for, would be dirty as a whole. */
	if (prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0))
		return -errno;
	map->pages = PAGES;
	map->len -= page_size();
	/* Again, without the advice that keeps it from merging with what is new. */
	if (mmap(map->addr, map->len, PROT_READ | PROT_WRITE,
		 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == MAP_FAILED)
		return -errno;
	for (size_t i = 0; i < PAGES; i++)
		fill_page(map, i);
	return soft_dirty_clear(0);
}

QUIET_TEST(soft_dirty_survives_mremap_and_merging)
{
	size_t page = page_size();
	struct range from, to, grown;

	scene_history("6707915e030a: soft-dirty lost where VMAs merge");
	NEED_OR_SKIP(SOFT_DIRTY);
	ASSERT_EQ(0, map_kind(&to, PRIVATE, PAGES));
	ASSERT_EQ(0, map_watched(&from, PRIVATE));
	scene_add("moved", NULL, &to);
	ASSERT_EQ(0, write_to(&from, CHECKERS));

	ASSERT_EQ(to.addr, mremap(from.addr, from.len, to.len, MREMAP_MAYMOVE | MREMAP_FIXED,
				  to.addr));
	CLAIM_STREQ("", dirt_lost(&to, CHECKERS));

	/* A new neighbour of the same kind, that becomes part of the mapping. */
	ASSERT_EQ(0, map_with_room(&grown));
	scene_add("grown", NULL, &grown);
	ASSERT_EQ(0, write_to(&grown, CHECKERS));
	CLAIM_STREQ(written(CHECKERS), soft_dirty(&grown));
	ASSERT_EQ(grown.addr + grown.len, mmap(grown.addr + grown.len, page, PROT_READ | PROT_WRITE,
					       MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0));
	CLAIM_STREQ("", dirt_lost(&grown, CHECKERS));
	CLAIM_TRUE(pagemap_entry(0, grown.addr + grown.len) & PM_SOFT_DIRTY);
}

QUIET_TEST_F(swappable, soft_dirty_goes_through_swap_in_private_pages_only)
{
	bool kept = variant->kind == PRIVATE;
	struct range map;

	scene_history("9658d698a8a8: marks lost where entries are replaced");
	NEED_OR_SKIP(SOFT_DIRTY);
	NEED_OR_SKIP(SWAP);
	ASSERT_EQ(0, map_watched(&map, variant->kind));
	scene_add("swapped", NULL, &map);
	ASSERT_EQ(0, write_to(&map, CHECKERS));

	ASSERT_EQ(0, swap_out(&map));
	CLAIM_STREQ(kept ? written(CHECKERS) : none_dirty(), soft_dirty(&map));
	for (size_t i = 0; i < PAGES; i++)
		ASSERT_LE(0, load(page_at(&map, i)));
	CLAIM_STREQ(kept ? written(CHECKERS) : none_dirty(), soft_dirty(&map));

	/* Cleared while it is out, it comes back clean. */
	ASSERT_EQ(0, swap_out(&map));
	ASSERT_EQ(0, soft_dirty_clear(0));
	CLAIM_STREQ(none_dirty(), soft_dirty(&map));
	for (size_t i = 0; i < PAGES; i++)
		ASSERT_LE(0, load(page_at(&map, i)));
	CLAIM_STREQ(none_dirty(), soft_dirty(&map));
	ASSERT_EQ(0, write_to(&map, CHECKERS_OTHER));
	CLAIM_STREQ(written(CHECKERS_OTHER), soft_dirty(&map));
}

/* A thread that writes to all pages, one after the other, all the time. */
struct writer {
	struct range map;
	unsigned long passes;
	int stop, err;
};

static void *keep_writing(void *arg)
{
	struct writer *writer = arg;
	int err = leave_cpu();

	__atomic_store_n(&writer->err, err, __ATOMIC_RELEASE);
	while (!err && !__atomic_load_n(&writer->stop, __ATOMIC_ACQUIRE)) {
		for (size_t i = 0; i < writer->map.pages; i++)
			++*(volatile char *)page_at(&writer->map, i);
		__atomic_add_fetch(&writer->passes, 1, __ATOMIC_RELEASE);
	}
	return NULL;
}

/* Waits until a pass that began after this call is over. */
static int await_pass(struct writer *writer)
{
	unsigned long begun = __atomic_load_n(&writer->passes, __ATOMIC_ACQUIRE);
	long long deadline = patience_until(5000);

	while (__atomic_load_n(&writer->passes, __ATOMIC_ACQUIRE) < begun + 2)
		if (writer->err || patience_now() > deadline)
			return writer->err ?: -ETIMEDOUT;
	return 0;
}

/* Nothing but a flush of that CPU's TLB makes its next write fault. */
QUIET_TEST_F(swappable, soft_dirty_sees_a_thread_that_keeps_writing)
{
	size_t pages = 8, missed = 0;
	struct writer writer = { 0 };
	pthread_t thread;
	int err;

	NEED_OR_SKIP(SOFT_DIRTY);
	NEED_OR_SKIP(CPUS);
	ASSERT_EQ(0, map_kind(&writer.map, variant->kind, pages));
	scene_add("written all along", NULL, &writer.map);
	ASSERT_EQ(0, pthread_create(&thread, NULL, keep_writing, &writer));

	err = await_pass(&writer);
	for (int round = 0; !err && round < 20; round++) {
		err = soft_dirty_clear(0) ?: await_pass(&writer);
		missed += pages - (size_t)pagemap_count(0, writer.map.addr, pages, PM_SOFT_DIRTY,
							PM_SOFT_DIRTY);
	}
	__atomic_store_n(&writer.stop, 1, __ATOMIC_RELEASE);
	pthread_join(thread, NULL);
	if (err == -EINVAL)
		SKIP(return, "%s", need_reason(NEED_CPUS));
	ASSERT_EQ(0, err);
	CLAIM_EQ(0, missed);
}

static ssize_t pages_with(const struct range *map, size_t first, size_t pages, uint64_t bit)
{
	return pagemap_count(0, page_at(map, first), pages, bit, bit);
}

QUIET_TEST(soft_dirty_of_a_huge_page_goes_on_in_its_pieces)
{
	struct range old, map;
	size_t half;

	scene_history("76aefad628aa, 6707915e030a, 9658d698a8a8: soft-dirty lost");
	NEED_OR_SKIP(SOFT_DIRTY);
	NEED_OR_SKIP(THP);
	MAP_THP_OR_SKIP(&old);
	half = old.pages / 2;
	CLAIM_EQ((ssize_t)old.pages, pages_with(&old, 0, old.pages, PM_SOFT_DIRTY));
	ASSERT_EQ(0, soft_dirty_clear(0));
	CLAIM_EQ(0, pages_with(&old, 0, old.pages, PM_SOFT_DIRTY));
	CLAIM_DATA(1, load(old.addr));
	CLAIM_EQ(0, pages_with(&old, 0, old.pages, PM_SOFT_DIRTY));

	ASSERT_EQ(0, store(page_at(&old, 5) + 5, 1));
	CLAIM_EQ(1, pages_with(&old, 5, 1, PM_SOFT_DIRTY));
	ASSERT_EQ(0, map_private_aligned(&map, old.pages, old.len));
	ASSERT_EQ(map.addr, mremap(old.addr, old.len, old.len, MREMAP_MAYMOVE | MREMAP_FIXED,
				   map.addr));
	scene_add("huge, moved", NULL, &map);
	CLAIM_EQ(1, pages_with(&map, 5, 1, PM_SOFT_DIRTY));
	/* In pieces, all that was said of the whole is said of each. */
	pattern_fill(map.addr, map.len, 1);
	ASSERT_EQ(0, madvise(page_at(&map, half), map.len / 2, MADV_DONTNEED));
	CLAIM_EQ((ssize_t)half, pages_with(&map, 0, half, PM_SOFT_DIRTY));
	ASSERT_EQ(0, soft_dirty_clear(0));
	CLAIM_EQ(0, pages_with(&map, 0, half, PM_SOFT_DIRTY));
	ASSERT_EQ(0, store(page_at(&map, 7), 1));
	CLAIM_EQ(1, pages_with(&map, 7, 1, PM_SOFT_DIRTY));
	CLAIM_EQ(1, pages_with(&map, 0, half, PM_SOFT_DIRTY));
}

/* ---- marks that look like swap ---- */

/* The pages of a few regions of a category. */
static ssize_t scan_count(const struct range *map, uint64_t category)
{
	const struct question question = { .mask = category, .want = category };
	struct page_region regions[8];
	struct pm_scan_arg arg = scan_arg(map, &question, regions, ARRAY_SIZE(regions));
	ssize_t pages = 0, found = pagemap_scan_with(0, &arg);

	for (ssize_t i = 0; i < found; i++)
		pages += (ssize_t)((regions[i].end - regions[i].start) / page_size());
	return found < 0 ? found : pages;
}

QUIET_TEST(write_protection_of_a_huge_page_goes_on_in_its_pieces)
{
	struct range map;
	size_t half;
	int fd;

	scene_history("9658d698a8a8: marks lost where entries are replaced");
	NEED_OR_SKIP(UFFD_WP);
	NEED_OR_SKIP(THP);
	MAP_THP_OR_SKIP(&map);
	scene_add("protected", NULL, &map);
	half = map.pages / 2;
	pattern_fill(map.addr, map.len, 1);
	fd = uffd_watch_writes(map.addr, map.len);
	ASSERT_LE(0, fd);

	ASSERT_EQ(0, uffd_write_protect(fd, map.addr, map.len, true));
	CLAIM_EQ((ssize_t)map.pages, pages_with(&map, 0, map.pages, PM_UFFD_WP));
	if (pagemap_scan_supported())
		CLAIM_EQ(0, scan_count(&map, PAGE_IS_WRITTEN));
	CLAIM_DATA(0, pattern_diff(map.addr, map.len, 1));
	ASSERT_EQ(0, uffd_write_protect(fd, map.addr, map.len / 2, false));
	CLAIM_EQ(0, pages_with(&map, 0, half, PM_UFFD_WP));
	CLAIM_EQ((ssize_t)half, pages_with(&map, half, half, PM_UFFD_WP));
	if (pagemap_scan_supported())
		CLAIM_EQ((ssize_t)half, scan_count(&map, PAGE_IS_WRITTEN));
	CLAIM_EQ((ssize_t)map.pages, pages_with(&map, 0, map.pages, PM_PRESENT));
	CLAIM_DATA(0, pattern_diff(map.addr, map.len, 1));
	ASSERT_EQ(0, store(map.addr, 0));
	ASSERT_EQ(0, uffd_write_protect(fd, map.addr, map.len, false));
	CLAIM_EQ(0, pages_with(&map, 0, map.pages, PM_UFFD_WP));
	close(fd);
}

static int protect_written(int fd, const struct range *map, const char *board)
{
	int ret = 0;

	for (size_t i = 0; !ret && i < map->pages; i++)
		if (board[i] == 'S')
			ret = uffd_write_protect(fd, page_at(map, i), page_size(), true);
	return ret;
}

static char all_marked[PAGES + 1];

QUIET_TEST_F(swappable, write_protection_survives_swap)
{
	bool shared = variant->kind != PRIVATE;
	const char *marks = written(CHECKERS);
	struct range map;
	size_t pss;
	int fd;

	scene_history("9658d698a8a8: marks lost where entries are replaced");
	NEED_OR_SKIP(UFFD_WP);
	NEED_OR_SKIP(SWAP);
	memset(all_marked, 'D', PAGES);
	ASSERT_EQ(0, map_kind(&map, variant->kind, PAGES));
	scene_add("protected", NULL, &map);
	for (size_t i = 0; i < PAGES; i++)
		fill_page(&map, i);
	fd = uffd_watch_writes(map.addr, map.len);
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, protect_written(fd, &map, CHECKERS));
	CLAIM_STREQ(marks, marked(&map, PM_UFFD_WP));
	CLAIM_STREQ(all_marked, marked(&map, PM_PRESENT));

	ASSERT_EQ(0, swap_out(&map));
	CLAIM_STREQ(marks, marked(&map, PM_UFFD_WP));
	CLAIM_STREQ(none_dirty(), marked(&map, PM_PRESENT));
	/* In the page table of shared memory nothing is swapped: it is the mark. */
	CLAIM_STREQ(shared ? marks : all_marked, marked(&map, PM_SWAP));
	CLAIM_EQ(map.len, swap_of(0, map.addr, PAGES, &pss));
	CLAIM_EQ(shared ? 0 : map.len, pss);

	for (size_t i = 0; i < PAGES; i++)
		CLAIM_DATA(pattern_byte(1, (unsigned int)i + 1), load(page_at(&map, i) + 1));
	CLAIM_STREQ(marks, marked(&map, PM_UFFD_WP));
	CLAIM_STREQ(none_dirty(), marked(&map, PM_SWAP));

	ASSERT_EQ(0, uffd_write_protect(fd, map.addr, map.len, false));
	CLAIM_STREQ(none_dirty(), marked(&map, PM_UFFD_WP));
	for (size_t i = 0; i < PAGES; i++)
		CLAIM_DATA(0, pattern_diff(page_at(&map, i), page_size(), (unsigned int)i + 1));
	close(fd);
}

/* Guard regions: at both ends, over swapped and present pages and a boundary. */
static const size_t guards[] = { 0, 7, 8, 21, 30, 31, 32, 33, 50, PAGES - 1 };

static int install_guards(const struct range *map, char *states)
{
	for (size_t i = 0; i < ARRAY_SIZE(guards); i++) {
		if (madvise(page_at(map, guards[i]), page_size(), MADV_GUARD_INSTALL))
			return -errno;
		states[guards[i]] = 'G';
	}
	return 0;
}

QUIET_TEST(guard_regions_set_bit_62_and_are_not_in_swap)
{
	size_t page = page_size(), pss, swapped;
	char states[PAGES + 1] = CHECKERS;
	struct range map;

	NEED_OR_SKIP(GUARD);
	NEED_OR_SKIP(SWAP);
	ASSERT_EQ(0, map_kind(&map, PRIVATE, PAGES));
	scene_add("guarded", NULL, &map);
	ASSERT_EQ(0, put_in_states(&map, CHECKERS));
	ASSERT_EQ(0, install_guards(&map, states));

	for (size_t i = 0; i < PAGES; i++) {
		uint64_t entry = pagemap_entry(0, page_at(&map, i)) & PM_STATE;

		CLAIM_EQ(states[i] == 'G' ? PM_SWAP : entry_of(false, states[i]) & PM_STATE, entry);
	}
	swapped = count_states(states, 0, PAGES, 'S') * page;
	CLAIM_EQ(swapped, swap_of(0, map.addr, PAGES, &pss));
	CLAIM_EQ(swapped, pss);
	for (size_t i = 0; i < ARRAY_SIZE(guards); i++)
		CLAIM_EQ(FAULTED(SIGSEGV), load(page_at(&map, guards[i])));

	ASSERT_EQ(0, madvise(map.addr, map.len, MADV_GUARD_REMOVE));
	for (size_t i = 0; i < ARRAY_SIZE(guards); i++)
		states[guards[i]] = '.';
	CLAIM_STATES(states, &map, false);
	CLAIM_EQ(swapped, swap_of(0, map.addr, PAGES, &pss));
	CLAIM_DATA(0, bytes_wrong(&map, states));
}

QUIET_TEST(guard_bit_tells_guard_regions_from_swap)
{
	char states[PAGES + 1] = CHECKERS, expected[PAGES + 1];
	struct question guard = { "guard", PAGE_IS_GUARD, 0, 0, PAGE_IS_GUARD };
	struct page_region regions[PAGES], *region = regions;
	struct pm_scan_arg arg;
	struct range map;
	ssize_t found;

	NEED_OR_SKIP(GUARD);
	NEED_OR_SKIP(GUARD_BIT);
	NEED_OR_SKIP(SWAP);
	ASSERT_EQ(0, map_kind(&map, PRIVATE, PAGES));
	scene_add("guarded", NULL, &map);
	ASSERT_EQ(0, put_in_states(&map, CHECKERS));
	ASSERT_EQ(0, install_guards(&map, states));
	for (size_t i = 0; i <= PAGES; i++)
		expected[i] = states[i] == 'G' ? 'D' : states[i] ? '.' : 0;

	CLAIM_STREQ(expected, marked(&map, PM_GUARD));
	arg = scan_arg(&map, &guard, regions, PAGES);
	found = pagemap_scan_with(0, &arg);
	/* 0, 7-8, 21, 30-33, 50, the last. */
	ASSERT_EQ(6, found);
	for (size_t i = 0; i < PAGES; i++) {
		uint64_t at = (uintptr_t)page_at(&map, i);

		while (region < regions + 5 && region->end <= at)
			region++;
		CLAIM_EQ(states[i] == 'G', region->start <= at && at < region->end);
	}
}

/* ---- swapoff ---- */

VARIANTS_ONLY(swapoff) { bool with_child; };
FIXTURE_VARIANT_ADD(swapoff, alone)		{ .with_child = false };
FIXTURE_VARIANT_ADD(swapoff, shared_with_child)	{ .with_child = true };

static int empty_swap_area(void)
{
	return swaparea_empty(provided_area());
}

/* Takes the area away for a moment; a case that shares it with another run ends here. */
#define EMPTY_SWAP_AREA_OR_SKIP()						\
	do {									\
		int emptied = empty_swap_area();				\
										\
		if (emptied == -EBUSY)						\
			SKIP(return, "inconclusive: another run uses the swap area"); \
		ASSERT_EQ(0, emptied);						\
	} while (0)

QUIET_TEST_F(swapoff, brings_everything_back)
{
	struct range private, shared;
	struct peer child;
	size_t pss;

	scene_history("82b1c07a0af6: swapoff that raced with a fault");
	NEED_OR_SKIP(SWAP);
	NEED_OR_SKIP(OWN_SWAP);
	ASSERT_EQ(0, map_kind(&private, PRIVATE, PAGES));
	ASSERT_EQ(0, map_kind(&shared, SHARED, PAGES));
	scene_add("private", NULL, &private);
	scene_add("shared", NULL, &shared);
	for (size_t i = 0; i < PAGES; i++) {
		fill_contents(&private, i, 0);
		fill_contents(&shared, i, 1);
	}
	ASSERT_EQ(0, swap_out(&private));
	ASSERT_EQ(0, swap_out(&shared));
	if (variant->with_child)
		ASSERT_EQ(0, peer_fork(&child));

	EMPTY_SWAP_AREA_OR_SKIP();

	CLAIM_EQ(PAGES, pagemap_count(0, private.addr, PAGES, PM_STATE, PM_PRESENT));
	CLAIM_EQ(PAGES, pagemap_count(0, shared.addr, PAGES, ~PM_SOFT_DIRTY, 0));
	CLAIM_EQ(0, swap_of(0, private.addr, PAGES, &pss) + swap_of(0, shared.addr, PAGES, &pss));
	for (size_t i = 0; i < PAGES; i++)
		CLAIM_EQ(1, memory_resident(page_at(&shared, i)));
	CLAIM_ACCOUNTS_AGREE(0, &private);
	if (variant->with_child) {
		CLAIM_EQ(PAGES, pagemap_count(child.pid, private.addr, PAGES,
					      PM_STATE | PM_EXCLUSIVE, PM_PRESENT));
		for (size_t i = 0; i < PAGES; i++)
			CLAIM_EQ(0, store_in(&child, page_at(&private, i) + i, 0x77));
		CLAIM_EQ(0, peer_exit(&child));
	}
	for (size_t i = 0; i < PAGES; i++) {
		CLAIM_FALSE(contents_wrong(&private, i, 0));
		CLAIM_FALSE(contents_wrong(&shared, i, 1));
	}
}

QUIET_TEST(soft_dirty_goes_through_swapoff)
{
	struct range map;

	scene_history("76aefad628aa, 6707915e030a, 9658d698a8a8: soft-dirty lost");
	NEED_OR_SKIP(SOFT_DIRTY);
	NEED_OR_SKIP(SWAP);
	NEED_OR_SKIP(OWN_SWAP);
	ASSERT_EQ(0, map_kind(&map, PRIVATE, PAGES));
	scene_add("private", NULL, &map);
	for (size_t i = 0; i < PAGES; i++)
		fill_contents(&map, i, 0);
	ASSERT_EQ(0, soft_dirty_clear(0));
	for (size_t i = 0; i < PAGES / 2; i++)
		fill_contents(&map, i, 1);
	ASSERT_EQ(0, swap_out(&map));

	EMPTY_SWAP_AREA_OR_SKIP();
	CLAIM_EQ(PAGES, pagemap_count(0, map.addr, PAGES, PM_STATE, PM_PRESENT));
	CLAIM_EQ(PAGES / 2, pages_with(&map, 0, PAGES / 2, PM_SOFT_DIRTY));
	CLAIM_EQ(0, pages_with(&map, PAGES / 2, PAGES / 2, PM_SOFT_DIRTY));
}

int main(int argc, char **argv)
{
	program_begin(argc, argv);
	provide_swap();
	return test_harness_run(argc, argv);
}
