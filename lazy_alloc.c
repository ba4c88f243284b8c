// SPDX-License-Identifier: GPL-2.0
/*
 * Private anonymous memory arrives one page at a time: what mmap(2) promises
 * is address space, and each page costs memory when it is first touched.
 *
 * Behaviour: mmap(2), madvise(2), mprotect(2), filesystems/proc.rst (smaps),
 * admin-guide/mm/pagemap.rst.
 */
#include <signal.h>
#include <sys/resource.h>

#include "claim/harness.h"
#include "act/touch.h"
#include "claim/accounts.h"
#include "claim/case.h"
#include "observe/kpage.h"

/* The pages of @map that are present, as a claim prints them: "0 31 32". */
static const char *present_pages(const struct mapping *map)
{
	static char list[512];
	size_t used = 0;

	list[0] = '\0';
	for (size_t i = 0; i < map->pages && used < sizeof(list); i++)
		if (pagemap_entry(0, page_at(map, i)) & PM_PRESENT)
			used += (size_t)snprintf(list + used, sizeof(list) - used, "%s%zu",
						 used ? " " : "", i);
	return list;
}

static size_t rss(const struct mapping *map)
{
	struct smaps smaps;

	return smaps_range(0, map->addr, map->len, &smaps) ? SIZE_MAX : smaps.rss;
}

QUIET_TEST(fresh_mapping_shows_its_size_and_nothing_else)
{
	size_t len = 16 << 20;
	struct mapping map;
	struct smaps s;

	ASSERT_EQ(0, map_private(&map, len / page_size()));
	scene_add("fresh", NULL, &map);
	ASSERT_EQ(0, smaps_range(0, map.addr, map.len, &s));

	CLAIM_EQ(1, s.vmas);
	CLAIM_STREQ("rw-p", s.perms);
	CLAIM_EQ(0, s.offset);
	CLAIM_EQ(0, s.major);
	CLAIM_EQ(0, s.minor);
	CLAIM_EQ(0, s.inode);
	CLAIM_STREQ("", s.name);
	CLAIM_EQ(len, s.size);
	CLAIM_EQ(page_size(), s.kernel_page_size);
	CLAIM_EQ(page_size(), s.mmu_page_size);
	CLAIM_EQ(0, s.rss);
	CLAIM_EQ(0, s.pss + s.pss_dirty);
	CLAIM_EQ(0, s.shared_clean + s.shared_dirty + s.private_clean + s.private_dirty);
	CLAIM_EQ(0, s.referenced);
	CLAIM_EQ(0, s.anonymous + s.lazyfree + s.anon_huge);
	CLAIM_EQ(0, s.swap + s.swap_pss);
	CLAIM_EQ(0, s.locked);
	CLAIM_TRUE(smaps_has_flag(&s, "rd"));
	CLAIM_TRUE(smaps_has_flag(&s, "wr"));
	CLAIM_TRUE(smaps_has_flag(&s, "mr"));
	CLAIM_TRUE(smaps_has_flag(&s, "mw"));
	CLAIM_TRUE(smaps_has_flag(&s, "me"));
	CLAIM_TRUE(smaps_has_flag(&s, "ac"));
	CLAIM_FALSE(smaps_has_flag(&s, "sh"));
	CLAIM_FALSE(smaps_has_flag(&s, "ex"));
}

QUIET_TEST(untouched_pages_are_in_no_state)
{
	struct mapping map;

	ASSERT_EQ(0, map_private_across_tables(&map, 1024));
	scene_add("fresh", NULL, &map);

	/* Bit 55 is set on what is new, by kernels that track soft-dirty. */
	CLAIM_EQ(1024, pagemap_count(0, map.addr, map.pages, ~PM_SOFT_DIRTY, 0));
	CLAIM_ACCOUNTS_AGREE(0, &map);
}

/* A page may be touched first by the program or by the kernel on its behalf. */
VARIANTS_ONLY(first_touch) { touch_fn touch; };
FIXTURE_VARIANT_ADD(first_touch, store)		{ .touch = touch_by_store };
FIXTURE_VARIANT_ADD(first_touch, syscall)	{ .touch = touch_by_syscall };
FIXTURE_VARIANT_ADD(first_touch, remote)	{ .touch = touch_by_mem };

QUIET_TEST_F(first_touch, one_byte_costs_one_page)
{
	size_t page = page_size();
	struct mapping map;
	struct smaps s;

	ASSERT_EQ(0, map_private(&map, 32));
	scene_add("touched at 16", NULL, &map);

	ASSERT_EQ(0, variant->touch(map.addr + 16, 'a'));

	ASSERT_EQ(0, smaps_range(0, map.addr, map.len, &s));
	CLAIM_EQ(page, s.rss);
	CLAIM_EQ(page, s.pss);
	CLAIM_EQ(page, s.anonymous);
	CLAIM_EQ(page, s.private_dirty);
	CLAIM_EQ(page, s.referenced);
	CLAIM_EQ(0, s.private_clean + s.shared_clean + s.shared_dirty);
	CLAIM_EQ(PM_PRESENT | PM_EXCLUSIVE,
		 pagemap_entry(0, map.addr) & (PM_STATE | PM_EXCLUSIVE));
	CLAIM_EQ(31, pagemap_count(0, page_at(&map, 1), 31, ~PM_SOFT_DIRTY, 0));
	CLAIM_EQ('a', load(map.addr + 16));
	CLAIM_ACCOUNTS_AGREE(0, &map);
}

QUIET_TEST_F(first_touch, scattered_touches_bring_no_neighbours)
{
	/* The page-table boundary is before page 256. */
	static const size_t touched[] = { 0, 131, 255, 256, 387, 511 };
	struct mapping map;

	ASSERT_EQ(0, map_private_across_tables(&map, 512));
	scene_add("scattered", NULL, &map);
	CLAIM_STREQ("", present_pages(&map));

	for (size_t i = 0; i < ARRAY_SIZE(touched); i++) {
		ASSERT_EQ(0, variant->touch(page_at(&map, touched[i]) + touched[i], 1));
		CLAIM_EQ((i + 1) * page_size(), rss(&map));
	}

	CLAIM_STREQ("0 131 255 256 387 511", present_pages(&map));
	CLAIM_EQ(512 - 6, pagemap_count(0, map.addr, 512, ~PM_SOFT_DIRTY, 0));
	CLAIM_ACCOUNTS_AGREE(0, &map);
}

QUIET_TEST_F(first_touch, second_touch_adds_nothing)
{
	uint64_t entries[8], again[8];
	struct mapping map;

	ASSERT_EQ(0, map_private(&map, 16));
	scene_add("twice", NULL, &map);
	for (size_t i = 0; i < 8; i++)
		ASSERT_EQ(0, variant->touch(page_at(&map, i), 1));
	ASSERT_EQ(0, pagemap_read(0, map.addr, 8, entries));

	for (size_t i = 0; i < 8; i++)
		ASSERT_EQ(0, variant->touch(page_at(&map, i) + page_size() - 1, 2));

	ASSERT_EQ(0, pagemap_read(0, map.addr, 8, again));
	CLAIM_EQ(8 * page_size(), rss(&map));
	CLAIM_EQ(0, memcmp(entries, again, sizeof(entries)));
	CLAIM_EQ(1, load(map.addr));
}

/* Leaves frames full of a pattern on the free lists. */
static void dirty_free_frames(size_t pages)
{
	struct mapping dirt;

	if (map_private(&dirt, pages))
		return;
	memset(dirt.addr, 0xa5, dirt.len);
	unmap(&dirt);
}

QUIET_TEST_F(first_touch, delivers_zeros_in_every_byte)
{
	size_t pages = 64, page = page_size();
	struct mapping map;

	for (int round = 0; round < 4; round++) {
		dirty_free_frames(pages);
		ASSERT_EQ(0, map_private_across_tables(&map, pages));
		for (size_t i = 0; i < pages; i++) {
			size_t at = (i * 97 + (size_t)round) % page;
			char *addr = page_at(&map, i);

			ASSERT_EQ(0, variant->touch(addr + at, 'x'));
			CLAIM_TRUE(all_zero(addr, at));
			CLAIM_TRUE(all_zero(addr + at + 1, page - at - 1));
		}
		ASSERT_EQ(0, unmap(&map));
	}
}

QUIET_TEST(frames_of_another_process_arrive_zeroed)
{
	struct mapping map, theirs;
	struct peer peer;

	ASSERT_EQ(0, map_private(&theirs, 64));
	ASSERT_EQ(0, map_private(&map, 64));
	scene_add("new", NULL, &map);
	ASSERT_EQ(0, peer_fork(&peer));
	ASSERT_EQ(0, peer_fill(&peer, theirs.addr, theirs.len, 1));
	ASSERT_EQ(0, peer_exit(&peer));

	for (size_t i = 0; i < map.pages; i++)
		ASSERT_EQ(0, store(page_at(&map, i), 0));

	CLAIM_TRUE(all_zero(map.addr, map.len));
}

QUIET_TEST(reading_untouched_pages_costs_nothing)
{
	struct mapping map;
	struct smaps s;

	ASSERT_EQ(0, map_private_across_tables(&map, 64));
	scene_add("only read", NULL, &map);

	CLAIM_TRUE(all_zero(map.addr, map.len));

	ASSERT_EQ(0, smaps_range(0, map.addr, map.len, &s));
	CLAIM_EQ(64, pagemap_count(0, map.addr, 64, PM_STATE, PM_PRESENT));
	CLAIM_EQ(0, s.rss);
	CLAIM_EQ(0, s.pss);
	CLAIM_EQ(0, s.anonymous);
	CLAIM_EQ(0, s.referenced);
	CLAIM_ACCOUNTS_AGREE(0, &map);
}

QUIET_TEST(reading_untouched_pages_maps_the_zero_page)
{
	uint64_t entries[64], flags;
	struct mapping map;

	NEED(KPAGE);
	ASSERT_EQ(0, map_private_across_tables(&map, 64));
	scene_add("only read", NULL, &map);
	ASSERT_TRUE(all_zero(map.addr, map.len));

	ASSERT_EQ(0, pagemap_read(0, map.addr, 64, entries));
	for (size_t i = 0; i < 64; i++) {
		CLAIM_NE(0, pm_pfn(entries[i]));
		CLAIM_EQ(0, entries[i] & PM_EXCLUSIVE);
#if !defined(__s390__) && !defined(__mips__)	/* these have one for each cache colour */
		CLAIM_EQ(pm_pfn(entries[0]), pm_pfn(entries[i]));
#endif
		ASSERT_EQ(0, kpage_flags(pm_pfn(entries[i]), &flags));
		CLAIM_EQ(KPF(ZERO_PAGE), flags & (KPF(ZERO_PAGE) | KPF(ANON) | KPF(LRU)));
	}
}

QUIET_TEST(scan_calls_pages_only_read_pfnzero)
{
	struct page_region regions[4] = { 0 };
	struct mapping map;

	NEED(SCAN);
	ASSERT_EQ(0, map_private(&map, 32));
	scene_add("16 pages read, 8 written", NULL, &map);
	ASSERT_TRUE(all_zero(map.addr, 16 * page_size()));
	for (size_t i = 16; i < 24; i++)
		ASSERT_EQ(0, store(page_at(&map, i), 1));

	ASSERT_EQ(2, pagemap_scan(0, map.addr, 32, PAGE_IS_PRESENT, regions, 4));

	CLAIM_EQ((uintptr_t)map.addr, regions[0].start);
	CLAIM_EQ((uintptr_t)page_at(&map, 16), regions[0].end);
	CLAIM_EQ(PAGE_IS_PRESENT | PAGE_IS_PFNZERO, regions[0].categories);
	CLAIM_EQ((uintptr_t)page_at(&map, 16), regions[1].start);
	CLAIM_EQ((uintptr_t)page_at(&map, 24), regions[1].end);
	CLAIM_EQ(PAGE_IS_PRESENT, regions[1].categories);
}

QUIET_TEST_F(first_touch, write_replaces_the_zero_page)
{
	uint64_t before[8], after[8], flags;
	struct mapping map;

	NEED(KPAGE);
	ASSERT_EQ(0, map_private(&map, 8));
	scene_add("read, then page 5 written", NULL, &map);
	ASSERT_TRUE(all_zero(map.addr, map.len));
	ASSERT_EQ(0, pagemap_read(0, map.addr, 8, before));

	ASSERT_EQ(0, variant->touch(page_at(&map, 5) + 7, 'w'));

	ASSERT_EQ(0, pagemap_read(0, map.addr, 8, after));
	for (size_t i = 0; i < 8; i++)
		CLAIM_EQ(i == 5, pm_pfn(before[i]) != pm_pfn(after[i]));
	CLAIM_EQ(PM_PRESENT | PM_EXCLUSIVE, after[5] & (PM_STATE | PM_EXCLUSIVE));
	ASSERT_EQ(0, kpage_flags(pm_pfn(after[5]), &flags));
	CLAIM_EQ(KPF(ANON), flags & (KPF(ANON) | KPF(ZERO_PAGE)));
	CLAIM_EQ('w', load(page_at(&map, 5) + 7));
	CLAIM_TRUE(all_zero(page_at(&map, 5), 7));
	CLAIM_TRUE(all_zero(page_at(&map, 5) + 8, page_size() - 8));
	CLAIM_TRUE(all_zero(map.addr, 5 * page_size()));
	CLAIM_EQ(page_size(), rss(&map));
	CLAIM_ACCOUNTS_AGREE(0, &map);
}

/* Faults are counted with nothing between but the accesses. */
QUIET_TEST(each_first_touch_is_one_minor_fault)
{
	struct rusage before, read, written, again;
	size_t pages = 64, page = page_size();
	volatile char *addr;
	struct mapping map;

	ASSERT_EQ(0, map_private_across_tables(&map, pages));
	scene_add("faulted", NULL, &map);
	addr = map.addr;
	memset(&again, 1, sizeof(again));
	memset(&written, 1, sizeof(written));
	memset(&read, 1, sizeof(read));

	getrusage(RUSAGE_SELF, &before);
	for (size_t i = 0; i < pages / 2; i++)
		(void)addr[i * page];
	getrusage(RUSAGE_SELF, &read);
	for (size_t i = 0; i < pages; i++)
		addr[i * page] = 1;
	getrusage(RUSAGE_SELF, &written);
	for (size_t i = 0; i < pages; i++)
		addr[i * page + 1] = addr[i * page];
	getrusage(RUSAGE_SELF, &again);

	CLAIM_EQ(pages / 2, read.ru_minflt - before.ru_minflt);
	CLAIM_EQ(pages, written.ru_minflt - read.ru_minflt);
	CLAIM_EQ(0, again.ru_minflt - written.ru_minflt);
	CLAIM_EQ(0, again.ru_majflt - before.ru_majflt);
}

/* Which pages are given back: at an edge, inside, across page tables, all. */
VARIANTS_ONLY(dontneed) { size_t first, count; };
FIXTURE_VARIANT_ADD(dontneed, first_page)	{ .first = 0, .count = 1 };
FIXTURE_VARIANT_ADD(dontneed, last_page)	{ .first = 31, .count = 1 };
FIXTURE_VARIANT_ADD(dontneed, across_tables)	{ .first = 11, .count = 10 };
FIXTURE_VARIANT_ADD(dontneed, whole)		{ .first = 0, .count = 32 };

QUIET_TEST_F(dontneed, gives_pages_back_at_once)
{
	size_t first = variant->first, count = variant->count, page = page_size();
	size_t end = first + count;
	struct mapping map;

	ASSERT_EQ(0, map_private_across_tables(&map, 32));
	scene_add("given back", NULL, &map);
	pattern_fill(map.addr, map.len, 11);
	CLAIM_EQ(map.len, rss(&map));

	ASSERT_EQ(0, madvise(page_at(&map, first), count * page, MADV_DONTNEED));

	CLAIM_EQ((32 - count) * page, rss(&map));
	CLAIM_EQ(count, pagemap_count(0, page_at(&map, first), count, ~PM_SOFT_DIRTY, 0));
	CLAIM_EQ(32 - count, pagemap_count(0, map.addr, 32, PM_STATE, PM_PRESENT));
	CLAIM_ACCOUNTS_AGREE(0, &map);

	CLAIM_TRUE(all_zero(page_at(&map, first), count * page));
	for (size_t i = 0; i < first * page; i++)
		ASSERT_EQ(pattern_byte(i, 11), (uint8_t)map.addr[i]);
	for (size_t i = end * page; i < map.len; i++)
		ASSERT_EQ(pattern_byte(i, 11), (uint8_t)map.addr[i]);
	CLAIM_EQ((32 - count) * page, rss(&map));
}

QUIET_TEST(unmapping_the_middle_leaves_two_mappings)
{
	struct smaps left, right, all;
	size_t page = page_size();
	struct mapping map;

	ASSERT_EQ(0, map_private_across_tables(&map, 16));
	for (size_t i = 0; i < 16; i++)
		if (i != 2 && i != 12 && i != 14)
			pattern_fill(page_at(&map, i), page, (unsigned int)i);

	ASSERT_EQ(0, munmap(page_at(&map, 6), 5 * page));

	ASSERT_EQ(0, smaps_range(0, map.addr, map.len, &all));
	ASSERT_EQ(0, smaps_range(0, map.addr, 6 * page, &left));
	ASSERT_EQ(0, smaps_range(0, page_at(&map, 11), 5 * page, &right));
	CLAIM_EQ(2, all.vmas);
	CLAIM_EQ(11 * page, all.size);
	CLAIM_EQ(6 * page, left.size);
	CLAIM_EQ(5 * page, left.rss);
	CLAIM_EQ(5 * page, right.size);
	CLAIM_EQ(3 * page, right.rss);
	CLAIM_EQ(5 * page, left.anonymous);
	CLAIM_EQ(3 * page, right.anonymous);
	CLAIM_EQ(5, pagemap_count(0, page_at(&map, 6), 5, ~PM_SOFT_DIRTY, 0));
	CLAIM_EQ(FAULTED(SIGSEGV), load(page_at(&map, 6)));
	CLAIM_EQ(FAULTED(SIGSEGV), load(page_at(&map, 11) - 1));
	for (size_t i = 0; i < 16; i++)
		if ((i < 6 || i > 10) && i != 2 && i != 12 && i != 14)
			CLAIM_EQ(0, pattern_diff(page_at(&map, i), page, (unsigned int)i));
}

QUIET_TEST(protection_changes_keep_pages_and_data)
{
	uint64_t before[16], during[16], after[16];
	size_t page = page_size();
	struct mapping map;

	ASSERT_EQ(0, map_private_across_tables(&map, 16));
	scene_add("protected", NULL, &map);
	pattern_fill(map.addr, 12 * page, 14);
	ASSERT_EQ(0, pagemap_read(0, map.addr, 16, before));

	ASSERT_EQ(0, mprotect(page_at(&map, 4), 10 * page, PROT_NONE));
	CLAIM_EQ(12 * page, rss(&map));
	ASSERT_EQ(0, pagemap_read(0, map.addr, 16, during));
	CLAIM_EQ(FAULTED(SIGSEGV), load(page_at(&map, 4)));
	CLAIM_EQ(FAULTED(SIGSEGV), store(page_at(&map, 13), 1));
	CLAIM_ACCOUNTS_AGREE(0, &map);

	ASSERT_EQ(0, mprotect(map.addr, map.len, PROT_READ | PROT_WRITE));
	ASSERT_EQ(0, pagemap_read(0, map.addr, 16, after));
	CLAIM_EQ(12 * page, rss(&map));
	CLAIM_EQ(0, pattern_diff(map.addr, 12 * page, 14));
	for (size_t i = 0; i < 16; i++) {
		/* Whether PFNs are visible or hidden, nothing may differ. */
		CLAIM_EQ(before[i] & ~PM_SOFT_DIRTY, during[i] & ~PM_SOFT_DIRTY);
		CLAIM_EQ(before[i] & ~PM_SOFT_DIRTY, after[i] & ~PM_SOFT_DIRTY);
	}
	CLAIM_ACCOUNTS_AGREE(0, &map);
}

QUIET_TEST(write_to_a_readonly_page_is_sigsegv_and_changes_nothing)
{
	size_t page = page_size();
	struct mapping map;

	ASSERT_EQ(0, map_private(&map, 4));
	scene_add("read-only from page 1", NULL, &map);
	pattern_fill(map.addr, 3 * page, 3);
	ASSERT_EQ(0, mprotect(page_at(&map, 1), 3 * page, PROT_READ));

	for (size_t i = 1; i < 4; i++) {
		CLAIM_EQ(FAULTED(SIGSEGV), store(page_at(&map, i), 0xee));
		CLAIM_EQ(FAULTED(SIGSEGV), store(page_at(&map, i) + page - 1, 0xee));
		CLAIM_EQ(-EFAULT, touch_by_syscall(page_at(&map, i), 0xee));
	}
	CLAIM_EQ(0, pattern_diff(map.addr, 3 * page, 3));
	CLAIM_EQ(3 * page, rss(&map));

	/* The untouched one may be read, and then shows the zero page. */
	CLAIM_TRUE(all_zero(page_at(&map, 3), page));
	CLAIM_EQ(FAULTED(SIGSEGV), store(page_at(&map, 3), 0xee));
	CLAIM_EQ(3 * page, rss(&map));
	CLAIM_EQ(0, store(map.addr, 1));
	CLAIM_ACCOUNTS_AGREE(0, &map);
}

QUIET_TEST(accounts_agree_in_every_state)
{
	size_t page = page_size();
	struct mapping map;

	ASSERT_EQ(0, map_private_across_tables(&map, 64));
	scene_add("mixed", NULL, &map);
	for (size_t i = 0; i < 64; i += 3)
		ASSERT_EQ(0, store(page_at(&map, i), (uint8_t)(i + 1)));
	CLAIM_ACCOUNTS_AGREE(0, &map);
	for (size_t i = 0; i < 64; i += 2)
		ASSERT_LE(0, load(page_at(&map, i)));
	CLAIM_ACCOUNTS_AGREE(0, &map);
	for (size_t i = 0; i < 64; i += 4)
		ASSERT_EQ(0, store(page_at(&map, i), 1));
	CLAIM_ACCOUNTS_AGREE(0, &map);
	ASSERT_EQ(0, madvise(page_at(&map, 20), 24 * page, MADV_DONTNEED));
	CLAIM_ACCOUNTS_AGREE(0, &map);
	ASSERT_EQ(0, mprotect(page_at(&map, 8), 40 * page, PROT_READ));
	CLAIM_ACCOUNTS_AGREE(0, &map);
	ASSERT_EQ(0, munmap(page_at(&map, 50), 4 * page));
	CLAIM_ACCOUNTS_AGREE(0, &map);
}

int main(int argc, char **argv)
{
	program_begin(argc, argv);
	return test_harness_run(argc, argv);
}
