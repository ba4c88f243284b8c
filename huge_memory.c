// SPDX-License-Identifier: GPL-2.0
/*
 * Huge pages and large folios, of private memory, of shared memory and of
 * hugetlbfs: what they cost, how they are counted, and that each page of them
 * is as good as any other.
 *
 * Behaviour: admin-guide/mm/transhuge.rst, admin-guide/mm/hugetlbpage.rst,
 * madvise(2), filesystems/proc.rst (smaps).
 */
#include <signal.h>

#include "claim/harness.h"
#include "act/filedata.h"
#include "act/pageout.h"
#include "act/sharing.h"
#include "borrow/scratch.h"
#include "borrow/thp.h"
#include "claim/accounts.h"
#include "claim/case.h"
#include "claim/states.h"
#include "observe/kpage.h"
#include "observe/object.h"
#include "observe/status.h"
#include "observe/sysmem.h"

/* ---- of private memory ---- */

QUIET_TEST(one_byte_costs_one_huge_page_where_advised)
{
	size_t size = thp_pmd_size();
	struct range map;
	struct smaps s;

	NEED_OR_SKIP(THP);
	MAP_THP_OR_SKIP(&map);
	scene_add("huge", NULL, &map);

	ASSERT_EQ(0, smaps_range(0, map.addr, map.len, &s));
	CLAIM_EQ(size, s.rss);
	CLAIM_EQ(size, s.anonymous);
	CLAIM_EQ(size, s.anon_huge);
	CLAIM_EQ(size, s.private_dirty);
	CLAIM_TRUE(smaps_has_flag(&s, "hg"));
	CLAIM_EQ(map.pages, pagemap_count(0, map.addr, map.pages, PM_STATE, PM_PRESENT));
	CLAIM_EQ(0, pagemap_out_of_row(0, map.addr, map.pages));
	for (size_t i = 0; i < map.pages; i++) {
		CLAIM_EQ(1, memory_resident(page_at(&map, i)));
	}
	CLAIM_ACCOUNTS_AGREE(0, &map);
	CLAIM_DATA(1, load(map.addr));
	CLAIM_ZEROS(map.addr + 1, map.len - 1);
}

QUIET_TEST(huge_page_goes_from_every_account)
{
	long drift = status_drift_pages(), huge = (long)(thp_pmd_size() / page_size());
	struct told empty, full, inherited, gone, again, half;
	struct range map;
	struct peer child;
	struct smaps s;

	scene_history("f1a7941243c1, 82241a83cd15: how exact Rss in status is");
	NEED_OR_SKIP(THP);
	NEED_OR_SKIP(ROLLUP);
	ASSERT_EQ(0, pin_to_cpu());
	for (int round = 0; round < 2; round++) {
		empty = tell(0);
		MAP_THP_OR_SKIP(&map);
		full = tell(0);
		ASSERT_EQ(0, peer_fork(&child));
		inherited = tell(child.pid);
		ASSERT_DONE(peer_exit(&child));
		ASSERT_EQ(0, madvise(map.addr, map.len, MADV_DONTNEED));
		gone = tell(0);
		for (size_t i = 0; i < map.pages; i++) {
			ASSERT_DONE(store(page_at(&map, i), 1));
		}
		again = tell(0);
		ASSERT_EQ(0, madvise(page_at(&map, map.pages / 2), map.len / 2, MADV_DONTNEED));
		half = tell(0);
		ASSERT_EQ(0, smaps_range(0, map.addr, map.len, &s));
		ASSERT_EQ(0, unmap(&map));
	}

	CLAIM_TOLD(empty, full, huge, drift);
	CLAIM_LE(huge, inherited.rollup_anon);
	CLAIM_GE(drift, llabs(inherited.status - inherited.rollup_anon));
	CLAIM_TOLD(full, gone, -huge, drift);
	CLAIM_TOLD(gone, again, huge, drift);
	CLAIM_TOLD(again, half, -huge / 2, drift);
	/* What is left of it is as dirty as it was, only not huge. */
	CLAIM_EQ(map.len / 2, s.private_dirty);
	CLAIM_EQ(0, s.anon_huge);
}

QUIET_TEST(freed_huge_page_is_counted_until_written)
{
	struct range map;

	scene_history("6c8e2a256915, 99baac21e458: data lost or found after MADV_FREE");
	attempt_struck_by(RECLAIMED);
	NEED_OR_SKIP(THP);
	ASSERT_EQ(0, pin_to_cpu());
	MAP_THP_OR_SKIP(&map);
	scene_add("freed", NULL, &map);
	pattern_fill(map.addr, map.len, 3);
	ASSERT_EQ(0, lru_drain());

	ASSERT_EQ(0, madvise(map.addr, map.len, MADV_FREE));
	ASSERT_EQ(0, lru_drain());

	CLAIM_EQ(map.len, smaps_amount(0, map.addr, map.len, lazyfree));
	CLAIM_EQ(map.len, smaps_amount(0, map.addr, map.len, rss));
	CLAIM_FREED(map.addr, map.len, 3);
	CLAIM_EQ(map.len, smaps_amount(0, map.addr, map.len, lazyfree));
	ASSERT_DONE(store(map.addr, pattern_byte(0, 3)));
	CLAIM_EQ(0, smaps_amount(0, map.addr, map.len, lazyfree));
	CLAIM_FREED(map.addr, map.len, 3);
}

/* The next folio of that size is likely to be in frames that hold something. */
static int dirty_and_free(size_t size)
{
	struct range map;
	int ret = map_folio(&map, size);

	if (ret)
		return ret;
	pattern_fill(map.addr, map.len, 1);
	return unmap(&map);
}

QUIET_TEST(one_byte_costs_one_folio_of_each_size_offered)
{
	struct range map;
	struct smaps s;

	NEED_OR_SKIP(MTHP);
	attempt_struck_by(HUGE);
	CLAIM_NE(0, thp_next_size(0));
	for (size_t size = 0; (size = thp_next_size(size));) {
		DONE_OR_SKIP(dirty_and_free(size) ?: map_folio(&map, size),
			     "no large folio to be had");
		scene_add("one folio", NULL, &map);

		ASSERT_EQ(0, smaps_range(0, map.addr, map.len, &s));
		CLAIM_EQ(size, s.rss);
		CLAIM_EQ(size, s.anonymous);
		CLAIM_EQ(0, s.anon_huge);
		CLAIM_EQ(map.pages, pagemap_count(0, map.addr, map.pages, PM_STATE, PM_PRESENT));
		CLAIM_ACCOUNTS_AGREE(0, &map);
		CLAIM_ZEROS(map.addr + 1, map.len - 1);
		scene_clear();
		ASSERT_EQ(0, unmap(&map));
	}
}

QUIET_TEST(one_byte_costs_one_page_where_advised_against)
{
	struct range map;
	struct smaps s;

	NEED_OR_SKIP(THP);
	ASSERT_EQ(0, map_private_aligned(&map, thp_pmd_size() / page_size(), thp_pmd_size()));
	scene_add("not huge", NULL, &map);

	ASSERT_DONE(store(map.addr, 1));

	ASSERT_EQ(0, smaps_range(0, map.addr, map.len, &s));
	CLAIM_TRUE(smaps_has_flag(&s, "nh"));
	CLAIM_EQ(page_size(), s.rss);
	CLAIM_EQ(0, s.anon_huge);
	CLAIM_ACCOUNTS_AGREE(0, &map);
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

/* ---- of shared memory ---- */

#define SEED	1	/* of the pattern that memory starts with */

VARIANTS_ONLY(shared) { enum sharing how; };
FIXTURE_VARIANT_ADD(shared, anonymous)	{ .how = SHARE_ANONYMOUS };
FIXTURE_VARIANT_ADD(shared, memfd)	{ .how = SHARE_MEMFD };
FIXTURE_VARIANT_ADD(shared, dev_zero)	{ .how = SHARE_DEV_ZERO };
FIXTURE_VARIANT_ADD(shared, sysv)	{ .how = SHARE_SYSV };

/* One huge page, where the machine lets shared memory have any. */
#define ARRANGE_HUGE_OR_SKIP(map, how)						\
	do {									\
		NEED_OR_SKIP(SHMEM_THP);					\
		NEED_SHARING_OR_SKIP(how);					\
		attempt_struck_by(HUGE);					\
		DONE_OR_SKIP(map_touched_shmem_thp(map, how),			\
			     "no huge page was to be had");			\
		scene_add("parent", NULL, map);					\
	} while (0)

/* How many pages are not a huge page's, or another frame for the other side. */
static size_t frames_unlike(struct peer *other, const struct range *map)
{
	size_t pages = map->pages, unlike = 0;
	uint64_t *mine = calloc(3 * pages, sizeof(*mine)), *theirs = mine + pages;
	uint64_t *flags = theirs + pages;
	int ret = mine ? pagemap_read(0, map->addr, pages, mine) : -ENOMEM;

	ret = ret ?: pagemap_read(other->pid, map->addr, pages, theirs);
	for (size_t i = 0; !ret && i < pages; i++) {
		unlike += !pm_pfn(mine[i]) || pm_pfn(mine[i]) != pm_pfn(theirs[i]);
		mine[i] = pm_pfn(mine[i]);
	}
	ret = ret ?: kpage_flags_of(mine, pages, flags);
	for (size_t i = 0; !ret && i < pages; i++)
		unlike += !(flags[i] & KPF(THP)) || flags[i] & KPF(ANON);
	free(mine);
	return ret ? pages : unlike;
}

QUIET_TEST_F(shared, one_byte_costs_one_huge_page)
{
	struct range map;
	struct smaps s;

	scene_history("dad2dc9c92e0: huge pages of shmem miscounted");
	ARRANGE_HUGE_OR_SKIP(&map, variant->how);
	ASSERT_EQ(0, smaps_range(0, map.addr, map.len, &s));
	CLAIM_EQ(map.len, s.shmem_pmd_mapped);
	CLAIM_EQ(map.len, s.rss);
	CLAIM_EQ(map.len, s.pss);
	CLAIM_EQ(map.len, s.private_dirty + s.private_clean);
	CLAIM_EQ(0, s.anonymous + s.anon_huge + smaps_told(&s, file_pmd_mapped, 0));
	CLAIM_EQ((ssize_t)map.pages, pagemap_count(0, map.addr, map.pages, PM_STATE,
						   PM_PRESENT | PM_FILE));
	CLAIM_ZEROS(map.addr, 5);
	CLAIM_ZEROS(map.addr + 6, map.len - 6);
	CLAIM_ACCOUNTS_AGREE(0, &map);
}

QUIET_TEST_F(shared, both_sides_map_one_huge_page)
{
	struct range map;
	struct smaps s;
	struct peer child;
	long long rss;

	scene_history("3f9f022e975d, 2c1f057e5be6: pagemap bits of what a PMD maps");
	ARRANGE_HUGE_OR_SKIP(&map, variant->how);
	ASSERT_EQ(0, peer_fork(&child));
	scene_add("child", &child, &map);
	ASSERT_DONE(fill_in(&child, map.addr, map.len, 1));
	CLAIM_DATA(0, pattern_diff(map.addr, map.len, 1));
	pattern_fill(map.addr, map.len, 2);
	CLAIM_DATA(0, diff_in(&child, map.addr, map.len, 2));

	for (int i = 0; i < 2; i++) {
		ASSERT_EQ(0, smaps_range(i ? child.pid : 0, map.addr, map.len, &s));
		CLAIM_EQ(map.len, s.shmem_pmd_mapped);
		CLAIM_EQ(map.len / 2, s.pss);
		CLAIM_EQ(map.len, s.shared_dirty);
	}
	if (need_met(NEED_KPAGE)) {
		CLAIM_EQ(0, frames_unlike(&child, &map));
	}
	rss = status_number(child.pid, "RssShmem");
	ASSERT_DONE(munmap_in(&child, map.addr, map.len));
	CLAIM_NEAR((long long)map.len, rss - status_number(child.pid, "RssShmem"),
		   status_drift_pages() * (long long)page_size());
	ASSERT_DONE(peer_exit(&child));
	CLAIM_EQ(map.len, smaps_amount(0, map.addr, map.len, pss));
}

QUIET_TEST_F(shared, parts_of_a_huge_page_come_and_go_for_each_side)
{
	struct range map;
	struct peer child;
	size_t half;

	ARRANGE_HUGE_OR_SKIP(&map, variant->how);
	half = map.len / 2;
	pattern_fill(map.addr, map.len, 1);
	ASSERT_EQ(0, peer_fork(&child));
	scene_add("child", &child, &map);
	CLAIM_DATA(0, diff_in(&child, map.addr, map.len, 1));

	/* One side splits its mapping, and not the page. */
	ASSERT_DONE(munmap_in(&child, map.addr, half));
	CLAIM_EQ(0, smaps_amount(child.pid, map.addr, map.len, shmem_pmd_mapped));
	CLAIM_EQ(map.len, smaps_amount(0, map.addr, map.len, shmem_pmd_mapped));
	CLAIM_DATA(0, pattern_diff(map.addr, map.len, 1));
	CLAIM_DATA(0, store_in(&child, map.addr + half, 0xee));
	CLAIM_DATA(0xee, load(map.addr + half));
	ASSERT_DONE(fill_in(&child, map.addr + half, half, 2));
	CLAIM_DATA(0, pattern_diff(map.addr + half, half, 2));
	CLAIM_ACCOUNTS_AGREE(0, &map);
}

QUIET_TEST_F(shared, removing_a_page_of_a_huge_page_drops_only_that)
{
	size_t page = page_size();
	struct range map;
	struct peer child;

	scene_history("8a1968bd997f: truncation beside large entries");
	ARRANGE_HUGE_OR_SKIP(&map, variant->how);
	pattern_fill(map.addr, map.len, 1);
	ASSERT_EQ(0, peer_fork(&child));
	scene_add("child", &child, &map);
	CLAIM_DATA(0, diff_in(&child, map.addr, map.len, 1));
	CLAIM_EQ(map.len, smaps_amount(0, map.addr, map.len, shmem_pmd_mapped));

	ASSERT_EQ(0, madvise(page_at(&map, 7), page, MADV_REMOVE));
	CLAIM_DATA(0, pattern_diff(map.addr, 7 * page, 1));
	CLAIM_ZEROS(page_at(&map, 7), page);
	CLAIM_DATA(0, pattern_diff_part(page_at(&map, 8), 8 * page, map.len - 8 * page, 1));
	CLAIM_DATA(1, all_zero_in(&child, page_at(&map, 7), page));
	CLAIM_DATA(pattern_byte(7 * page - 1, 1), load_in(&child, page_at(&map, 7) - 1));
	CLAIM_DATA(pattern_byte(8 * page, 1), load_in(&child, page_at(&map, 8)));
	CLAIM_ACCOUNTS_AGREE(0, &map);
}

/* ---- of hugetlbfs ---- */

/*
 * A file of huge pages is a file system by itself: no write(2), no storage, and
 * faults and copies by the huge page.  See admin-guide/mm/hugetlbpage.rst.
 */
struct hugetlb_views {
	int fd;
	size_t size;		/* of a huge page, in bytes */
	struct range shared, private;
	struct peer peer;
};

/* Where the kernel wants it to be: only there can huge pages be mapped. */
static int map_hugetlb(struct range *map, size_t len, int flags, int fd)
{
	void *addr = mmap(NULL, len, PROT_READ | PROT_WRITE, flags, fd, 0);

	*map = (struct range){ .addr = addr, .len = len, .pages = len / page_size() };
	return addr == MAP_FAILED ? -errno : 0;
}

/* A private mapping of one huge page, and a shared one of @pages. */
static int hugetlb_views_open(struct hugetlb_views *v, size_t pages)
{
	int ret;

	v->fd = scratch_file(SCRATCH_HUGETLB, 0);
	if (v->fd < 0)
		return v->fd;
	v->size = scratch_block(v->fd);
	if (ftruncate(v->fd, (off_t)(pages * v->size)))
		return -errno;
	ret = map_hugetlb(&v->shared, pages * v->size, MAP_SHARED, v->fd);
	if (!ret && pages == 1)
		ret = map_hugetlb(&v->private, v->size, MAP_PRIVATE, v->fd);
	if (!ret)
		pattern_fill(v->shared.addr, v->shared.len, SEED);
	return ret ?: peer_fork(&v->peer);
}

QUIET_TEST(store_to_a_hugetlb_page_is_what_everybody_sees)
{
	struct hugetlb_views v;

	NEED_OR_SKIP(HUGETLB);
	ASSERT_EQ(0, hugetlb_views_open(&v, 1));
	ASSERT_ANSWER(load(v.private.addr));

	/* The ends, and one in the middle, by turns. */
	for (size_t i = 0; i < 3; i++) {
		size_t at = i * (v.size - 1) / 2;

		ASSERT_DONE(i == 1 ? store_in(&v.peer, v.shared.addr + at, 0) :
				     store(v.shared.addr + at, 0));
		CLAIM_DATA(0, load(v.shared.addr + at));
		CLAIM_DATA(0, file_byte(v.fd, (off_t)at));
		CLAIM_DATA(0, load(v.private.addr + at));
		CLAIM_DATA(0, load_in(&v.peer, v.shared.addr + at));
		CLAIM_DATA(0, load_in(&v.peer, v.private.addr + at));
	}

	CLAIM_DATA(3, file_diff(v.fd, v.size, SEED));
	CLAIM_DATA(3, diff_in(&v.peer, v.private.addr, v.size, SEED));
}

QUIET_TEST(store_to_a_private_hugetlb_page_makes_a_copy)
{
	struct hugetlb_views v;

	NEED_OR_SKIP(HUGETLB);
	ASSERT_EQ(0, hugetlb_views_open(&v, 1));
	ASSERT_ANSWER(load(v.private.addr));
	CLAIM_EQ(PM_FILE | PM_PRESENT, pagemap_entry(0, v.private.addr) & PM_STATE);
	CLAIM_EQ(0, pagemap_out_of_row(0, v.private.addr, v.private.pages));

	ASSERT_DONE(store(v.private.addr, 0));
	ASSERT_DONE(store(v.private.addr + v.size - 1, 0));

	CLAIM_EQ(v.private.pages, pagemap_count(0, v.private.addr, v.private.pages, PM_STATE,
						PM_PRESENT));
	CLAIM_DATA(2, pattern_diff(v.private.addr, v.private.len, SEED));
	CLAIM_DATA(0, pattern_diff(v.shared.addr, v.shared.len, SEED));
	CLAIM_DATA(0, file_diff(v.fd, v.size, SEED));
	CLAIM_DATA(0, diff_in(&v.peer, v.private.addr, v.size, SEED));
	/* Nor does the copy follow the file. */
	ASSERT_DONE(store(v.shared.addr + 7, 0));
	CLAIM_DATA(2, pattern_diff(v.private.addr, v.private.len, SEED));
	CLAIM_DATA(1, diff_in(&v.peer, v.private.addr, v.size, SEED));
}

QUIET_TEST(truncation_takes_mapped_hugetlb_pages_away)
{
	struct hugetlb_views v;
	char *second;

	NEED_OR_SKIP(HUGETLB);
	ASSERT_EQ(0, hugetlb_views_open(&v, 2));
	second = v.shared.addr + v.size;

	ASSERT_EQ(0, ftruncate(v.fd, (off_t)v.size));

	CLAIM_DATA(FAULTED(SIGBUS), load(second));
	CLAIM_DATA(FAULTED(SIGBUS), store(second + v.size - 1, 0));
	CLAIM_DATA(FAULTED(SIGBUS), load_in(&v.peer, second));
	CLAIM_DATA(0, pattern_diff(v.shared.addr, v.size, SEED));
	CLAIM_DATA(-ENODATA, file_byte(v.fd, (off_t)v.size));

	/* What was cut off does not come back with the size. */
	ASSERT_EQ(0, ftruncate(v.fd, 2 * (off_t)v.size));
	CLAIM_ZEROS(second, v.size);
	CLAIM_DATA(1, all_zero_in(&v.peer, second, v.size));
}

int main(int argc, char **argv)
{
	program_begin(argc, argv);
	provide_swap_and_stay();
	return test_harness_run(argc, argv);
}
