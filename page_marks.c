// SPDX-License-Identifier: GPL-2.0
/*
 * Marks on pages, kept by page tables: written since (soft-dirty), protected
 * against writing (userfaultfd), guarded; they stay with a page through swap,
 * moves and changes of its mapping, and may look like swap without being it.
 *
 * Behaviour: admin-guide/mm/pagemap.rst, admin-guide/mm/soft-dirty.rst,
 * userfaultfd(2), madvise(2).
 */
#include <signal.h>
#include <sys/prctl.h>

#include "claim/harness.h"
#include "act/marks.h"
#include "act/touch.h"
#include "act/worker.h"
#include "claim/case.h"
#include "claim/states.h"

#define PAGES	BOARD_PAGES

VARIANTS_OF_SWAPPABLE(memory);

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

#define soft_dirty(map)	marked(map, PM_SOFT_DIRTY)

/* The pages that a test writes to: those that are 'S' on the board. */
#define written(board)	marked_states(board, "S", 'D')

static int write_to(const struct range *map, const char *board)
{
	static const touch_fn touch[] = { touch_by_store, touch_by_syscall, touch_by_mem };
	int ret = 0;

	for (size_t i = 0; !ret && i < map->pages; i++)
		if (board[i] == 'S')
			ret = touch[i % ARRAY_SIZE(touch)](page_at(map, i) + i, 1);
	return ret;
}

static int map_watched(struct range *map, enum sharing how, const char *name)
{
	return map_in_states(map, how, name, ALL_PRESENT) ?: soft_dirty_clear(0);
}

QUIET_TEST_F(memory, soft_dirty_pages_are_those_written_since)
{
	struct range map;

	scene_history("76aefad628aa, 6707915e030a, 9658d698a8a8: soft-dirty lost");
	NEED_OR_SKIP(SOFT_DIRTY);
	ASSERT_EQ(0, map_watched(&map, variant->how, "written"));
	CLAIM_STREQ(UNTOUCHED, soft_dirty(&map));

	ASSERT_DONE(write_to(&map, CHECKERS));
	CLAIM_STREQ(written(CHECKERS), soft_dirty(&map));
	for (size_t i = 0; i < PAGES; i++) {
		ASSERT_ANSWER(load(page_at(&map, i)));
	}
	CLAIM_STREQ(written(CHECKERS), soft_dirty(&map));

	ASSERT_EQ(0, soft_dirty_clear(0));
	CLAIM_STREQ(UNTOUCHED, soft_dirty(&map));
	ASSERT_DONE(write_to(&map, CHECKERS_OTHER));
	CLAIM_STREQ(written(CHECKERS_OTHER), soft_dirty(&map));
	/* Given back and touched again is written, too. */
	ASSERT_EQ(0, soft_dirty_clear(0));
	ASSERT_EQ(0, madvise(map.addr, map.len, MADV_DONTNEED));
	ASSERT_DONE(write_to(&map, CHECKERS));
	CLAIM_STREQ(written(CHECKERS), soft_dirty(&map));
}

QUIET_TEST_F(memory, soft_dirty_survives_mprotect)
{
	size_t page = page_size();
	struct range map;

	scene_history("76aefad628aa: writes after mprotect() not marked soft-dirty");
	NEED_OR_SKIP(SOFT_DIRTY);
	ASSERT_EQ(0, map_watched(&map, variant->how, "protected and back"));
	ASSERT_DONE(write_to(&map, CHECKERS));

	/* Splits the mapping in three, and merges it again. */
	ASSERT_EQ(0, mprotect(page_at(&map, 9), 40 * page, PROT_READ));
	CLAIM_STREQ(written(CHECKERS), soft_dirty(&map));
	ASSERT_EQ(0, mprotect(page_at(&map, 9), 40 * page, PROT_READ | PROT_WRITE));
	CLAIM_STREQ(written(CHECKERS), soft_dirty(&map));

	ASSERT_EQ(0, soft_dirty_clear(0));
	ASSERT_EQ(0, mprotect(map.addr, map.len, PROT_READ));
	ASSERT_EQ(0, mprotect(map.addr, map.len, PROT_READ | PROT_WRITE));
	CLAIM_STREQ(UNTOUCHED, soft_dirty(&map));
	ASSERT_DONE(write_to(&map, CHECKERS_OTHER));
	CLAIM_STREQ(written(CHECKERS_OTHER), soft_dirty(&map));
}

/* A move, or a neighbour, may make pages dirty that were clean; never the reverse. */
static const char *soft_dirty_amiss(const struct range *map, const char *board)
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
	int ret = map_sharing(map, PAGES + 1, SHARE_NOT);

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
	fill_pages(map);
	return soft_dirty_clear(0);
}

QUIET_TEST(soft_dirty_survives_mremap_and_merging)
{
	size_t page = page_size();
	struct range from, to, grown;

	scene_history("6707915e030a: soft-dirty lost where VMAs merge");
	NEED_OR_SKIP(SOFT_DIRTY);
	ASSERT_EQ(0, map_sharing(&to, PAGES, SHARE_NOT));
	ASSERT_EQ(0, map_watched(&from, SHARE_NOT, "moved from"));
	scene_add("moved to", NULL, &to);
	ASSERT_DONE(write_to(&from, CHECKERS));

	ASSERT_EQ(to.addr, mremap(from.addr, from.len, to.len, MREMAP_MAYMOVE | MREMAP_FIXED,
				  to.addr));
	CLAIM_STREQ("", soft_dirty_amiss(&to, CHECKERS));

	/* A new neighbour of the same kind, that becomes part of the mapping. */
	ASSERT_EQ(0, map_with_room(&grown));
	scene_add("grown", NULL, &grown);
	ASSERT_DONE(write_to(&grown, CHECKERS));
	CLAIM_STREQ(written(CHECKERS), soft_dirty(&grown));
	ASSERT_EQ(grown.addr + grown.len, mmap(grown.addr + grown.len, page, PROT_READ | PROT_WRITE,
					       MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0));
	CLAIM_STREQ("", soft_dirty_amiss(&grown, CHECKERS));
	CLAIM_TRUE(pagemap_entry(0, grown.addr + grown.len) & PM_SOFT_DIRTY);
}

QUIET_TEST_F(memory, soft_dirty_goes_through_swap_in_private_pages_only)
{
	bool kept = variant->how == SHARE_NOT;
	struct range map;

	scene_history("9658d698a8a8: marks lost where entries are replaced");
	NEED_OR_SKIP(SOFT_DIRTY);
	NEED_OR_SKIP(SWAP);
	ASSERT_EQ(0, map_watched(&map, variant->how, "swapped"));
	ASSERT_DONE(write_to(&map, CHECKERS));

	ASSERT_EQ(0, swap_out(&map));
	CLAIM_STREQ(kept ? written(CHECKERS) : UNTOUCHED, soft_dirty(&map));
	for (size_t i = 0; i < PAGES; i++) {
		ASSERT_ANSWER(load(page_at(&map, i)));
	}
	CLAIM_STREQ(kept ? written(CHECKERS) : UNTOUCHED, soft_dirty(&map));

	/* Cleared while it is out, it comes back clean. */
	ASSERT_EQ(0, swap_out(&map));
	ASSERT_EQ(0, soft_dirty_clear(0));
	CLAIM_STREQ(UNTOUCHED, soft_dirty(&map));
	for (size_t i = 0; i < PAGES; i++) {
		ASSERT_ANSWER(load(page_at(&map, i)));
	}
	CLAIM_STREQ(UNTOUCHED, soft_dirty(&map));
	ASSERT_DONE(write_to(&map, CHECKERS_OTHER));
	CLAIM_STREQ(written(CHECKERS_OTHER), soft_dirty(&map));
}

/* Nothing but a flush of that CPU's TLB makes its next write fault. */
QUIET_TEST_F(memory, soft_dirty_sees_a_thread_that_keeps_writing)
{
	size_t pages = 8, missed = 0;
	struct worker writer;
	struct words words;
	struct range map;

	NEED_OR_SKIP(SOFT_DIRTY);
	NEED_OR_SKIP(CPUS);
	ASSERT_EQ(0, map_sharing(&map, pages, variant->how));
	scene_add("written all along", NULL, &map);
	words = (struct words){ map.addr, page_size(), pages };
	ASSERT_EQ(0, worker_start(&writer, write_words, &words));

	for (int round = 0; round < 20; round++) {
		ASSERT_EQ(0, soft_dirty_clear(0));
		/* The second round begins after that. */
		ASSERT_EQ(0, worker_await(&writer, 2));
		missed += pages - (size_t)pagemap_count(0, map.addr, pages, PM_SOFT_DIRTY,
							PM_SOFT_DIRTY);
	}
	ASSERT_EQ(0, worker_stop(&writer));
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

	ASSERT_DONE(store(page_at(&old, 5) + 5, 1));
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
	ASSERT_DONE(store(page_at(&map, 7), 1));
	CLAIM_EQ(1, pages_with(&map, 7, 1, PM_SOFT_DIRTY));
	CLAIM_EQ(1, pages_with(&map, 0, half, PM_SOFT_DIRTY));
}

/* ---- marks that look like swap ---- */

/* The pages of a few regions of a category. */
static ssize_t scan_count(const struct range *map, uint64_t category)
{
	struct page_region regions[8];
	ssize_t pages = 0, found = pagemap_scan(0, map->addr, map->pages, category, regions,
						ARRAY_SIZE(regions));

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
	if (pagemap_scan_supported()) {
		CLAIM_EQ(0, scan_count(&map, PAGE_IS_WRITTEN));
	}
	CLAIM_DATA(0, pattern_diff(map.addr, map.len, 1));
	ASSERT_EQ(0, uffd_write_protect(fd, map.addr, map.len / 2, false));
	CLAIM_EQ(0, pages_with(&map, 0, half, PM_UFFD_WP));
	CLAIM_EQ((ssize_t)half, pages_with(&map, half, half, PM_UFFD_WP));
	if (pagemap_scan_supported()) {
		CLAIM_EQ((ssize_t)half, scan_count(&map, PAGE_IS_WRITTEN));
	}
	CLAIM_EQ((ssize_t)map.pages, pages_with(&map, 0, map.pages, PM_PRESENT));
	CLAIM_DATA(0, pattern_diff(map.addr, map.len, 1));
	ASSERT_DONE(store(map.addr, 0));
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

QUIET_TEST_F(memory, write_protection_survives_swap)
{
	bool shared = variant->how != SHARE_NOT;
	char marks[PAGES + 1] = "", all_marked[PAGES + 1] = "";
	struct range map;
	int fd;

	scene_history("9658d698a8a8: marks lost where entries are replaced");
	NEED_OR_SKIP(UFFD_WP);
	NEED_OR_SKIP(SWAP);
	strcpy(marks, written(CHECKERS));
	memset(all_marked, 'D', PAGES);
	ASSERT_EQ(0, map_in_states(&map, variant->how, "protected", ALL_PRESENT));
	fd = uffd_watch_writes(map.addr, map.len);
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, protect_written(fd, &map, CHECKERS));
	CLAIM_STREQ(marks, marked(&map, PM_UFFD_WP));
	CLAIM_STREQ(all_marked, marked(&map, PM_PRESENT));

	ASSERT_EQ(0, swap_out(&map));
	CLAIM_STREQ(marks, marked(&map, PM_UFFD_WP));
	CLAIM_STREQ(UNTOUCHED, marked(&map, PM_PRESENT));
	/* In the page table of shared memory nothing is swapped: it is the mark. */
	CLAIM_STREQ(shared ? marks : all_marked, marked(&map, PM_SWAP));
	CLAIM_SWAP(0, &map, map.len, shared ? 0 : map.len);

	for (size_t i = 0; i < PAGES; i++) {
		CLAIM_DATA(pattern_byte(1, (unsigned int)i + 1), load(page_at(&map, i) + 1));
	}
	CLAIM_STREQ(marks, marked(&map, PM_UFFD_WP));
	CLAIM_STREQ(UNTOUCHED, marked(&map, PM_SWAP));

	ASSERT_EQ(0, uffd_write_protect(fd, map.addr, map.len, false));
	CLAIM_STREQ(UNTOUCHED, marked(&map, PM_UFFD_WP));
	CLAIM_DATA(0, states_diff(&map, ALL_PRESENT));
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
	size_t swapped;
	char states[PAGES + 1] = CHECKERS;
	struct range map;

	NEED_OR_SKIP(GUARD);
	NEED_OR_SKIP(SWAP);
	ASSERT_EQ(0, map_in_states(&map, SHARE_NOT, "guarded", CHECKERS));
	ASSERT_EQ(0, install_guards(&map, states));

	for (size_t i = 0; i < PAGES; i++) {
		uint64_t entry = pagemap_entry(0, page_at(&map, i)) & PM_STATE;

		CLAIM_EQ(states[i] == 'G' ? PM_SWAP : entry_of(false, states[i]) & PM_STATE, entry);
	}
	swapped = count_states(states, 0, PAGES, 'S') * page_size();
	CLAIM_SWAP(0, &map, swapped, swapped);
	for (size_t i = 0; i < ARRAY_SIZE(guards); i++) {
		CLAIM_DATA(FAULTED(SIGSEGV), load(page_at(&map, guards[i])));
	}

	ASSERT_EQ(0, madvise(map.addr, map.len, MADV_GUARD_REMOVE));
	for (size_t i = 0; i < ARRAY_SIZE(guards); i++)
		states[guards[i]] = '.';
	CLAIM_STATES(states, &map, false);
	CLAIM_EQ(swapped, smaps_amount(0, map.addr, map.len, swap));
	CLAIM_DATA(0, states_diff(&map, states));
}

QUIET_TEST(guard_bit_tells_guard_regions_from_swap)
{
	char states[PAGES + 1] = CHECKERS;
	struct page_region regions[PAGES], *region = regions;
	struct range map;

	NEED_OR_SKIP(GUARD);
	NEED_OR_SKIP(GUARD_BIT);
	NEED_OR_SKIP(SWAP);
	ASSERT_EQ(0, map_in_states(&map, SHARE_NOT, "guarded", CHECKERS));
	ASSERT_EQ(0, install_guards(&map, states));

	CLAIM_STREQ(marked_states(states, "G", 'D'), marked(&map, PM_GUARD));
	/* 0, 7-8, 21, 30-33, 50, the last. */
	ASSERT_EQ(6, pagemap_scan(0, map.addr, PAGES, PAGE_IS_GUARD, regions, PAGES));
	for (size_t i = 0; i < PAGES; i++) {
		uint64_t at = (uintptr_t)page_at(&map, i);

		while (region < regions + 5 && region->end <= at)
			region++;
		CLAIM_EQ(states[i] == 'G', region->start <= at && at < region->end);
	}
}

QUIET_TEST(soft_dirty_goes_through_swapoff)
{
	struct range map;

	scene_history("76aefad628aa, 6707915e030a, 9658d698a8a8: soft-dirty lost");
	NEED_OR_SKIP(SOFT_DIRTY);
	NEED_OR_SKIP(SWAP);
	NEED_OR_SKIP(OWN_SWAP);
	ASSERT_EQ(0, map_in_states(&map, SHARE_NOT, "private", ALL_PRESENT));
	ASSERT_EQ(0, soft_dirty_clear(0));
	for (size_t i = 0; i < PAGES / 2; i++)
		fill_page(&map, i);
	ASSERT_EQ(0, swap_out(&map));

	EMPTY_SWAP_AREA_OR_SKIP();
	CLAIM_EQ(PAGES, pagemap_count(0, map.addr, PAGES, PM_STATE, PM_PRESENT));
	CLAIM_EQ(PAGES / 2, pages_with(&map, 0, PAGES / 2, PM_SOFT_DIRTY));
	CLAIM_EQ(0, pages_with(&map, PAGES / 2, PAGES / 2, PM_SOFT_DIRTY));
}

int main(int argc, char **argv)
{
	program_begin(argc, argv);
	provide_swap_and_stay();
	return test_harness_run(argc, argv);
}
