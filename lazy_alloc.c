// SPDX-License-Identifier: GPL-2.0
/*
 * Private anonymous memory arrives one page at a time: what mmap(2) promises
 * is address space, and each page costs memory when it is first touched.
 *
 * Behaviour: mmap(2), madvise(2), mprotect(2), filesystems/proc.rst (smaps),
 * admin-guide/mm/pagemap.rst.
 */
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include "claim/harness.h"
#include "act/hugepage.h"
#include "act/pageout.h"
#include "act/touch.h"
#include "borrow/thp.h"
#include "claim/accounts.h"
#include "claim/case.h"
#include "observe/kpage.h"
#include "observe/object.h"
#include "observe/status.h"
#include "observe/sysmem.h"

/* The pages of @map that are present, as a claim prints them: "0 31 32". */
static const char *present_pages(const struct range *map)
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

static size_t rss(const struct range *map)
{
	return smaps_amount(0, map->addr, map->len, rss);
}

QUIET_TEST(fresh_mapping_shows_its_size_and_nothing_else)
{
	static const char * const flags[] = { "rd", "wr", "mr", "mw", "me", "ac" };
	size_t len = 16 << 20;
	struct range map;
	struct smaps s;

	ASSERT_EQ(0, map_private(&map, len / page_size()));
	scene_add("fresh", NULL, &map);
	ASSERT_EQ(0, smaps_range(0, map.addr, map.len, &s));

	CLAIM_EQ(1, s.vmas);
	CLAIM_STREQ("rw-p", s.perms);
	CLAIM_EQ(0, s.offset);
	CLAIM_EQ(0, s.major + s.minor + s.inode);
	CLAIM_STREQ("", s.name);
	CLAIM_EQ(len, s.size);
	CLAIM_EQ(page_size(), s.kernel_page_size);
	CLAIM_EQ(page_size(), s.mmu_page_size);
	CLAIM_EQ(0, s.rss);
	CLAIM_EQ(0, s.pss + smaps_told(&s, pss_dirty, 0));
	CLAIM_EQ(0, s.shared_clean + s.shared_dirty + s.private_clean + s.private_dirty);
	CLAIM_EQ(0, s.referenced);
	CLAIM_EQ(0, s.anonymous + s.lazyfree + s.anon_huge);
	CLAIM_EQ(0, s.swap + s.swap_pss);
	CLAIM_EQ(0, s.locked);
	for (size_t i = 0; i < ARRAY_SIZE(flags); i++) {
		CLAIM_STREQ("", smaps_has_flag(&s, flags[i]) ? "" : flags[i]);
	}
	CLAIM_FALSE(smaps_has_flag(&s, "sh"));
	CLAIM_FALSE(smaps_has_flag(&s, "ex"));
}

/*
 * A line that came with some release is there where something is that came with it
 * or later.  Without it, claims on it would pass for those on an older kernel.
 */
QUIET_TEST(smaps_has_the_lines_of_its_kernel)
{
	bool is_6_7 = pagemap_scan_supported(), is_6_1 = is_6_7 || advice_known(MADV_COLLAPSE);
	bool is_5_4 = is_6_1 || advice_known(MADV_COLD);
	struct smaps s;
	struct range map;

	ASSERT_EQ(0, map_private(&map, 1));
	ASSERT_EQ(0, smaps_range(0, map.addr, map.len, &s));
	CLAIM_EQ(true, smaps_tells(&s, file_pmd_mapped) || !is_5_4);
	CLAIM_EQ(true, smaps_tells(&s, pss_dirty) || !is_6_1);
	CLAIM_EQ(true, smaps_tells(&s, ksm) || !is_6_7);

	NEED_OR_SKIP(ROLLUP);
	ASSERT_EQ(0, smaps_rollup(0, &s));
	CLAIM_EQ(true, smaps_tells(&s, pss_anon) || !is_5_4);
	CLAIM_EQ(true, smaps_tells(&s, pss_file) || !is_5_4);
	CLAIM_EQ(true, smaps_tells(&s, pss_shmem) || !is_5_4);
}

QUIET_TEST(untouched_pages_are_in_no_state)
{
	struct range map;

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
	struct range map;
	struct smaps s;

	ASSERT_EQ(0, map_private(&map, 32));
	scene_add("touched at 16", NULL, &map);

	ASSERT_DONE(variant->touch(map.addr + 16, 'a'));

	ASSERT_EQ(0, smaps_range(0, map.addr, map.len, &s));
	CLAIM_EQ(page, s.rss);
	CLAIM_EQ(page, s.pss);
	CLAIM_EQ(page, s.anonymous);
	CLAIM_EQ(page, s.private_dirty);
	CLAIM_EQ(page, smaps_told(&s, pss_dirty, page));
	CLAIM_EQ(page, s.referenced);
	CLAIM_EQ(0, s.private_clean + s.shared_clean + s.shared_dirty);
	CLAIM_EQ(PM_PRESENT | PM_EXCLUSIVE,
		 pagemap_entry(0, map.addr) & (PM_STATE | PM_EXCLUSIVE));
	CLAIM_EQ(31, pagemap_count(0, page_at(&map, 1), 31, ~PM_SOFT_DIRTY, 0));
	CLAIM_DATA('a', load(map.addr + 16));
	CLAIM_ACCOUNTS_AGREE(0, &map);
}

QUIET_TEST_F(first_touch, scattered_touches_bring_no_neighbours)
{
	/* The page-table boundary is before page 256. */
	static const size_t touched[] = { 0, 131, 255, 256, 387, 511 };
	struct range map;

	ASSERT_EQ(0, map_private_across_tables(&map, 512));
	scene_add("scattered", NULL, &map);
	CLAIM_STREQ("", present_pages(&map));

	for (size_t i = 0; i < ARRAY_SIZE(touched); i++) {
		ASSERT_DONE(variant->touch(page_at(&map, touched[i]) + touched[i], 1));
		CLAIM_EQ((i + 1) * page_size(), rss(&map));
	}

	CLAIM_STREQ("0 131 255 256 387 511", present_pages(&map));
	CLAIM_EQ(512 - 6, pagemap_count(0, map.addr, 512, ~PM_SOFT_DIRTY, 0));
	CLAIM_ACCOUNTS_AGREE(0, &map);
}

QUIET_TEST_F(first_touch, second_touch_adds_nothing)
{
	uint64_t entries[8], again[8];
	struct range map;

	ASSERT_EQ(0, map_private(&map, 16));
	scene_add("twice", NULL, &map);
	for (size_t i = 0; i < 8; i++) {
		ASSERT_DONE(variant->touch(page_at(&map, i), 1));
	}
	ASSERT_EQ(0, pagemap_read(0, map.addr, 8, entries));

	for (size_t i = 0; i < 8; i++) {
		ASSERT_DONE(variant->touch(page_at(&map, i) + page_size() - 1, 2));
	}

	ASSERT_EQ(0, pagemap_read(0, map.addr, 8, again));
	CLAIM_EQ(8 * page_size(), rss(&map));
	CLAIM_EQ(0, memcmp(entries, again, sizeof(entries)));
	CLAIM_DATA(1, load(map.addr));
}

QUIET_TEST_F(first_touch, delivers_zeros_in_every_byte)
{
	size_t pages = 64, page = page_size();
	struct range map, dirt;

	for (int round = 0; round < 4; round++) {
		/* Leaves frames full of a pattern on the free lists. */
		ASSERT_EQ(0, map_private(&dirt, pages));
		memset(dirt.addr, 0xa5, dirt.len);
		ASSERT_EQ(0, unmap(&dirt));
		ASSERT_EQ(0, map_private_across_tables(&map, pages));
		for (size_t i = 0; i < pages; i++) {
			size_t at = (i * 97 + (size_t)round) % page;
			char *addr = page_at(&map, i);

			ASSERT_DONE(variant->touch(addr + at, 'x'));
			CLAIM_DATA('x', load(addr + at));
			CLAIM_ZEROS(addr, at);
			CLAIM_ZEROS(addr + at + 1, page - at - 1);
		}
		ASSERT_EQ(0, unmap(&map));
	}
}

QUIET_TEST(frames_of_another_process_arrive_zeroed)
{
	struct range map, theirs;
	struct peer peer;

	ASSERT_EQ(0, map_private(&theirs, 64));
	ASSERT_EQ(0, map_private(&map, 64));
	scene_add("new", NULL, &map);
	ASSERT_EQ(0, peer_fork(&peer));
	ASSERT_DONE(fill_in(&peer, theirs.addr, theirs.len, 1));
	ASSERT_DONE(peer_exit(&peer));

	for (size_t i = 0; i < map.pages; i++) {
		ASSERT_DONE(store(page_at(&map, i), 0));
	}

	CLAIM_ZEROS(map.addr, map.len);
}

QUIET_TEST(reading_untouched_pages_costs_nothing)
{
	struct range map;
	struct smaps s;

	ASSERT_EQ(0, map_private_across_tables(&map, 64));
	scene_add("only read", NULL, &map);

	CLAIM_ZEROS(map.addr, map.len);

	ASSERT_EQ(0, smaps_range(0, map.addr, map.len, &s));
	CLAIM_EQ(64, pagemap_count(0, map.addr, 64, PM_STATE, PM_PRESENT));
	CLAIM_EQ(0, s.rss + s.pss);
	CLAIM_EQ(0, s.anonymous + s.referenced);
	CLAIM_ACCOUNTS_AGREE(0, &map);
}

QUIET_TEST(reading_untouched_pages_maps_the_zero_page)
{
	uint64_t entries[64], flags;
	struct range map;

	NEED_OR_SKIP(KPAGE);
	ASSERT_EQ(0, map_private_across_tables(&map, 64));
	scene_add("only read", NULL, &map);
	CLAIM_ZEROS(map.addr, map.len);

	ASSERT_EQ(0, pagemap_read(0, map.addr, 64, entries));
	for (size_t i = 0; i < 64; i++) {
		CLAIM_NE(0, pm_pfn(entries[i]));
		CLAIM_EQ(0, entries[i] & PM_EXCLUSIVE);
#if !defined(__s390__) && !defined(__mips__)	/* these have one for each cache colour */
		CLAIM_EQ(pm_pfn(entries[0]), pm_pfn(entries[i]));
#endif
		ASSERT_EQ(0, kpage_flags(pm_pfn(entries[i]), &flags));
		CLAIM_EQ(KPF(ZERO_PAGE), flags & KPF_WHAT & ~KPF(MMAP));
	}
}

QUIET_TEST(scan_calls_pages_only_read_pfnzero)
{
	struct page_region regions[4] = { 0 };
	struct range map;

	NEED_OR_SKIP(SCAN);
	ASSERT_EQ(0, map_private(&map, 32));
	scene_add("16 pages read, 8 written", NULL, &map);
	CLAIM_ZEROS(map.addr, 16 * page_size());
	for (size_t i = 16; i < 24; i++) {
		ASSERT_DONE(store(page_at(&map, i), 1));
	}

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
	struct range map;

	NEED_OR_SKIP(KPAGE);
	ASSERT_EQ(0, map_private(&map, 8));
	scene_add("read, then page 5 written", NULL, &map);
	CLAIM_ZEROS(map.addr, map.len);
	ASSERT_EQ(0, pagemap_read(0, map.addr, 8, before));

	ASSERT_DONE(variant->touch(page_at(&map, 5) + 7, 'w'));

	ASSERT_EQ(0, pagemap_read(0, map.addr, 8, after));
	for (size_t i = 0; i < 8; i++) {
		CLAIM_EQ(i == 5, pm_pfn(before[i]) != pm_pfn(after[i]));
	}
	CLAIM_EQ(PM_PRESENT | PM_EXCLUSIVE, after[5] & (PM_STATE | PM_EXCLUSIVE));
	ASSERT_EQ(0, kpage_flags(pm_pfn(after[5]), &flags));
	CLAIM_EQ(KPF(ANON), flags & (KPF(ANON) | KPF(ZERO_PAGE)));
	CLAIM_DATA('w', load(page_at(&map, 5) + 7));
	CLAIM_ZEROS(page_at(&map, 5), 7);
	CLAIM_ZEROS(page_at(&map, 5) + 8, page_size() - 8);
	CLAIM_ZEROS(map.addr, 5 * page_size());
	CLAIM_EQ(page_size(), rss(&map));
	CLAIM_ACCOUNTS_AGREE(0, &map);
}

/* Faults are counted with nothing between but the accesses. */
QUIET_TEST(each_first_touch_is_one_minor_fault)
{
	struct rusage before, read = { 0 }, written = read, again = read;
	size_t pages = 64, page = page_size();
	volatile char *addr;
	struct range map;

	attempt_struck_by(RECLAIMED);	/* of the program's text, which is faulted in again */
	ASSERT_EQ(0, map_private_across_tables(&map, pages));
	scene_add("faulted", NULL, &map);
	addr = map.addr;

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
	size_t end = (first + count) * page;
	struct range map;

	scene_history("99baac21e458: pages found after MADV_DONTNEED, for want of a flush");
	ASSERT_EQ(0, map_private_across_tables(&map, 32));
	scene_add("given back", NULL, &map);
	pattern_fill(map.addr, map.len, 11);
	CLAIM_EQ(map.len, rss(&map));

	ASSERT_EQ(0, madvise(page_at(&map, first), count * page, MADV_DONTNEED));

	CLAIM_EQ((32 - count) * page, rss(&map));
	CLAIM_EQ(count, pagemap_count(0, page_at(&map, first), count, ~PM_SOFT_DIRTY, 0));
	CLAIM_EQ(32 - count, pagemap_count(0, map.addr, 32, PM_STATE, PM_PRESENT));
	CLAIM_ACCOUNTS_AGREE(0, &map);

	CLAIM_ZEROS(page_at(&map, first), count * page);
	CLAIM_DATA(0, pattern_diff(map.addr, first * page, 11));
	CLAIM_DATA(0, pattern_diff_part(map.addr + end, end, map.len - end, 11));
	CLAIM_EQ((32 - count) * page, rss(&map));
}

QUIET_TEST(unmapping_the_middle_leaves_two_mappings)
{
	struct smaps left, right, all;
	size_t page = page_size();
	struct range map;

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
	CLAIM_DATA(FAULTED(SIGSEGV), load(page_at(&map, 6)));
	CLAIM_DATA(FAULTED(SIGSEGV), load(page_at(&map, 11) - 1));
	for (size_t i = 0; i < 16; i++) {
		if ((i < 6 || i > 10) && i != 2 && i != 12 && i != 14) {
			CLAIM_DATA(0, pattern_diff(page_at(&map, i), page, (unsigned int)i));
		}
	}
}

QUIET_TEST(protection_changes_keep_pages_and_data)
{
	uint64_t before[16], during[16], after[16];
	size_t page = page_size();
	struct range map;

	ASSERT_EQ(0, map_private_across_tables(&map, 16));
	scene_add("protected", NULL, &map);
	pattern_fill(map.addr, 12 * page, 14);
	ASSERT_EQ(0, pagemap_read(0, map.addr, 16, before));

	ASSERT_EQ(0, mprotect(page_at(&map, 4), 10 * page, PROT_NONE));
	CLAIM_EQ(12 * page, rss(&map));
	ASSERT_EQ(0, pagemap_read(0, map.addr, 16, during));
	CLAIM_DATA(FAULTED(SIGSEGV), load(page_at(&map, 4)));
	CLAIM_DATA(FAULTED(SIGSEGV), store(page_at(&map, 13), 1));
	CLAIM_ACCOUNTS_AGREE(0, &map);

	ASSERT_EQ(0, mprotect(map.addr, map.len, PROT_READ | PROT_WRITE));
	ASSERT_EQ(0, pagemap_read(0, map.addr, 16, after));
	CLAIM_EQ(12 * page, rss(&map));
	CLAIM_DATA(0, pattern_diff(map.addr, 12 * page, 14));
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
	struct range map;

	ASSERT_EQ(0, map_private(&map, 4));
	scene_add("read-only from page 1", NULL, &map);
	pattern_fill(map.addr, 3 * page, 3);
	ASSERT_EQ(0, mprotect(page_at(&map, 1), 3 * page, PROT_READ));

	for (size_t i = 1; i < 4; i++) {
		CLAIM_DATA(FAULTED(SIGSEGV), store(page_at(&map, i), 0xee));
		CLAIM_DATA(FAULTED(SIGSEGV), store(page_at(&map, i) + page - 1, 0xee));
		CLAIM_DATA(-EFAULT, touch_by_syscall(page_at(&map, i), 0xee));
	}
	CLAIM_DATA(0, pattern_diff(map.addr, 3 * page, 3));
	CLAIM_EQ(3 * page, rss(&map));

	/* The untouched one may be read, and then shows the zero page. */
	CLAIM_ZEROS(page_at(&map, 3), page);
	CLAIM_DATA(FAULTED(SIGSEGV), store(page_at(&map, 3), 0xee));
	CLAIM_EQ(3 * page, rss(&map));
	CLAIM_DATA(0, store(map.addr, 1));
	CLAIM_ACCOUNTS_AGREE(0, &map);
}

QUIET_TEST(accounts_agree_in_every_state)
{
	size_t page = page_size();
	struct range map;
	struct peer child;

	scene_history("efd4149342db: smaps and entries that are not present");
	attempt_struck_by(RECLAIMED);
	ASSERT_EQ(0, map_private_across_tables(&map, 64));
	scene_add("mixed", NULL, &map);
	for (size_t i = 0; i < 64; i += 3) {
		ASSERT_DONE(store(page_at(&map, i), (uint8_t)(i + 1)));
	}
	CLAIM_ACCOUNTS_AGREE(0, &map);
	for (size_t i = 0; i < 64; i += 2) {
		ASSERT_ANSWER(load(page_at(&map, i)));
	}
	CLAIM_ACCOUNTS_AGREE(0, &map);
	for (size_t i = 0; i < 64; i += 4) {
		ASSERT_DONE(store(page_at(&map, i), 1));
	}
	CLAIM_ACCOUNTS_AGREE(0, &map);
	ASSERT_EQ(0, madvise(page_at(&map, 20), 24 * page, MADV_DONTNEED));
	CLAIM_EQ(0, pagemap_count(0, page_at(&map, 20), 24, PM_PRESENT, PM_PRESENT));
	CLAIM_ACCOUNTS_AGREE(0, &map);
	ASSERT_EQ(0, mprotect(page_at(&map, 8), 40 * page, PROT_READ));
	CLAIM_DATA(FAULTED(SIGSEGV), store(page_at(&map, 9), 1));
	CLAIM_ACCOUNTS_AGREE(0, &map);
	ASSERT_EQ(0, munmap(page_at(&map, 50), 4 * page));
	CLAIM_EQ(60 * page, smaps_amount(0, map.addr, map.len, size));
	CLAIM_ACCOUNTS_AGREE(0, &map);
	ASSERT_EQ(0, madvise(page_at(&map, 54), 10 * page, MADV_FREE));
	CLAIM_EQ(0, smaps_amount(0, page_at(&map, 54), 10 * page, private_dirty));
	CLAIM_ACCOUNTS_AGREE(0, &map);
	if (need_met(NEED_MLOCK)) {
		ASSERT_EQ(0, mlock(page_at(&map, 48), 2 * page));
		CLAIM_EQ(2 * page, smaps_amount(0, page_at(&map, 48), 2 * page, locked));
		CLAIM_ACCOUNTS_AGREE(0, &map);
	}
	ASSERT_EQ(0, peer_fork(&child));
	CLAIM_ACCOUNTS_AGREE(0, &map);
	CLAIM_ACCOUNTS_AGREE(child.pid, &map);
	ASSERT_DONE(store_in(&child, page_at(&map, 60), 1));
	CLAIM_ACCOUNTS_AGREE(0, &map);
	CLAIM_ACCOUNTS_AGREE(child.pid, &map);
}

/* What asks for pages ahead of their first touch, and which it brings. */
VARIANTS_ONLY(populate) {
	enum need need;
	int flags, advice;
	bool lock;
	size_t backed;		/* of 16: pages with memory of their own */
	size_t present;		/* of 16: these, and those that show the zero page */
};

FIXTURE_VARIANT_ADD(populate, map_populate) {
	.flags = MAP_POPULATE, .backed = 16, .present = 16 };
FIXTURE_VARIANT_ADD(populate, map_nonblock) { .flags = MAP_POPULATE | MAP_NONBLOCK };
FIXTURE_VARIANT_ADD(populate, madvise_write) {
	.need = NEED_POPULATE, .advice = MADV_POPULATE_WRITE, .backed = 16, .present = 16 };
FIXTURE_VARIANT_ADD(populate, madvise_read) {
	.need = NEED_POPULATE, .advice = MADV_POPULATE_READ, .present = 16 };
FIXTURE_VARIANT_ADD(populate, mlock) {
	.need = NEED_MLOCK, .lock = true, .backed = 16, .present = 16 };

QUIET_TEST_F(populate, brings_what_it_says)
{
	size_t page = page_size();
	struct range map;
	long long locked;
	struct smaps s;

	NEED_ONE_OR_SKIP(variant->need);
	ASSERT_EQ(0, map_across_tables(&map, 16, PROT_READ | PROT_WRITE,
				       MAP_PRIVATE | MAP_ANONYMOUS | variant->flags, -1, 0));
	scene_add("populated", NULL, &map);
	if (variant->advice) {
		ASSERT_EQ(0, madvise(map.addr, map.len, variant->advice));
	}
	locked = status_number(0, "VmLck");
	if (variant->lock) {
		ASSERT_EQ(0, mlock(map.addr, map.len));
	}

	ASSERT_EQ(0, smaps_range(0, map.addr, map.len, &s));
	CLAIM_EQ(variant->present, pagemap_count(0, map.addr, 16, PM_STATE, PM_PRESENT));
	CLAIM_EQ(variant->backed * page, s.rss);
	CLAIM_EQ(variant->backed * page, s.anonymous);
	CLAIM_EQ(variant->lock ? map.len : 0, s.locked);
	CLAIM_EQ(variant->lock ? (long long)map.len : 0, status_number(0, "VmLck") - locked);
	CLAIM_EQ(variant->lock, smaps_has_flag(&s, "lo"));
	CLAIM_ACCOUNTS_AGREE(0, &map);
	CLAIM_ZEROS(map.addr, map.len);

	/* Once there, pages outlive the lock. */
	ASSERT_EQ(0, munlock(map.addr, map.len));
	ASSERT_EQ(0, smaps_range(0, map.addr, map.len, &s));
	CLAIM_EQ(variant->backed * page, s.rss);
	CLAIM_EQ(0, s.locked);
}

static size_t lazyfree(const struct range *map)
{
	return smaps_amount(0, map->addr, map->len, lazyfree);
}

QUIET_TEST(freed_pages_are_counted_until_written)
{
	size_t page = page_size();
	struct range map;

	scene_history("6c8e2a256915, 99baac21e458: data lost or found after MADV_FREE");
	attempt_struck_by(RECLAIMED);
	ASSERT_EQ(0, pin_to_cpu());
	ASSERT_EQ(0, map_private_across_tables(&map, 16));
	scene_add("12 of 16 freed", NULL, &map);
	pattern_fill(map.addr, map.len, 12);
	ASSERT_EQ(0, lru_drain());

	ASSERT_EQ(0, madvise(page_at(&map, 2), 12 * page, MADV_FREE));
	ASSERT_EQ(0, lru_drain());

	CLAIM_EQ(12 * page, lazyfree(&map));
	CLAIM_EQ(16 * page, rss(&map));
	CLAIM_FREED(map.addr, map.len, 12);
	CLAIM_EQ(12 * page, lazyfree(&map));
	for (size_t i = 2; i < 14; i++) {
		ASSERT_DONE(store(page_at(&map, i) + 1, pattern_byte(i * page + 1, 12)));
		CLAIM_EQ((13 - i) * page, lazyfree(&map));
	}
	CLAIM_FREED(map.addr, map.len, 12);
	CLAIM_ACCOUNTS_AGREE(0, &map);
}

/* Reclaim takes what is free and clean, never what was written since. */
QUIET_TEST(freed_pages_keep_old_data_or_read_zero)
{
	size_t page = page_size(), taken = 0;
	struct range map;

	scene_history("6c8e2a256915, 99baac21e458: data lost or found after MADV_FREE");
	attempt_struck_by(RECLAIMED);
	ASSERT_EQ(0, pin_to_cpu());
	ASSERT_EQ(0, map_private_across_tables(&map, 32));
	scene_add("freed, even pages written, page 16 on reclaimed", NULL, &map);
	pattern_fill(map.addr, map.len, 5);
	ASSERT_EQ(0, lru_drain());
	ASSERT_EQ(0, madvise(map.addr, map.len, MADV_FREE));
	CLAIM_EQ(0, smaps_amount(0, map.addr, map.len, private_dirty));
	ASSERT_EQ(0, lru_drain());
	for (size_t i = 0; i < 32; i += 2)
		pattern_fill(page_at(&map, i), page, 100 + (unsigned int)i);

	ASSERT_EQ(0, madvise(page_at(&map, 16), 16 * page, MADV_PAGEOUT));

	for (size_t i = 0; i < 32; i += 2) {
		CLAIM_DATA(0, pattern_diff(page_at(&map, i), page, 100 + (unsigned int)i));
	}
	for (size_t i = 1; i < 32; i += 2) {
		bool gone = all_zero(page_at(&map, i), page);

		CLAIM_DATA(0, gone ? 0 : pattern_diff_part(page_at(&map, i), i * page, page, 5));
		/* Others may have taken what nobody here asked for. */
		CLAIM_TRUE(!gone || i > 16);
		taken += gone;
	}
	CLAIM_LT(0, taken);
	CLAIM_ACCOUNTS_AGREE(0, &map);
}

/* As much address space as the machine has, down from a tebibyte. */
static size_t map_vast(char **addr)
{
	size_t len;

	for (len = (size_t)1 << (sizeof(long) == 8 ? 40 : 29); len > 1 << 28; len >>= 1) {
		*addr = mmap(NULL, len, PROT_READ | PROT_WRITE,
			     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
		if (*addr != MAP_FAILED && !madvise(*addr, len, MADV_NOHUGEPAGE))
			return len;
		if (*addr != MAP_FAILED && errno == EINVAL)
			return len;
	}
	return 0;
}

QUIET_TEST(size_alone_costs_nothing)
{
	long long tables = status_number(0, "VmPTE");
	size_t page = page_size(), len;
	struct smaps before, after;
	long long committed;
	struct range map;

	NEED_OR_SKIP(OVERCOMMIT);
	committed = meminfo_number("Committed_AS");
	ASSERT_LE(0, committed);
	len = map_vast(&map.addr);
	ASSERT_LT(0, len);
	CLAIM_LT(meminfo_number("Committed_AS") - committed, (long long)(len / 2));
	ASSERT_EQ(0, smaps_range(0, map.addr, len, &before));
	CLAIM_EQ(len, before.size);
	CLAIM_EQ(0, before.rss);
	CLAIM_TRUE(smaps_has_flag(&before, "nr"));

	ASSERT_DONE(store(map.addr, 1));
	ASSERT_DONE(store(map.addr + len / 2 + len / 8, 2));
	ASSERT_DONE(store(map.addr + len - 1, 3));

	ASSERT_EQ(0, smaps_range(0, map.addr, len, &after));
	CLAIM_EQ(3 * page, after.rss);
	CLAIM_EQ(3 * page, after.anonymous);
	/* Three pages at the ends of three paths of five tables, 64 KiB each at most. */
	CLAIM_LE(status_number(0, "VmPTE") - tables, 3 * 5 * 65536);
	CLAIM_DATA(3, load(map.addr + len - 1));
	CLAIM_DATA(0, load(map.addr + len - page));
}

/* Some pages, or a whole page table with some pages that can move as one. */
VARIANTS_ONLY(remap) { bool table; };
FIXTURE_VARIANT_ADD(remap, pages)	{ .table = false };
FIXTURE_VARIANT_ADD(remap, table)	{ .table = true };

/* A mapping of which four pages were touched, and where it is moved to and grows. */
struct remapped {
	struct range map, room;
	size_t pages, touched[4];
	uint64_t before[4];
};

static int remap_touched(struct remapped *r, bool table)
{
	size_t page = page_size(), align = table ? page_table_span() : page;
	size_t n = table ? align / page : 24;
	const size_t touched[] = { 0, 1, n / 2, n - 1 };
	/* Address space only: of the spans few pages are ever touched. */
	int ret = map_private_aligned(&r->map, n, align) ?:
		  map_private_aligned(&r->room, n + 8, align);

	if (ret)
		return ret;
	r->pages = n;
	for (size_t i = 0; i < 4; i++) {
		r->touched[i] = touched[i];
		pattern_fill(page_at(&r->map, touched[i]), page, (unsigned int)i);
		r->before[i] = pagemap_entry(0, page_at(&r->map, touched[i]));
	}
	scene_add("moved", NULL, &r->room);
	return mremap(r->map.addr, n * page, (n + 8) * page, MREMAP_MAYMOVE | MREMAP_FIXED,
		      r->room.addr) == r->room.addr ? 0 : -errno;
}

QUIET_TEST_F(remap, moves_and_grows)
{
	size_t page = page_size(), n;
	struct remapped r;

	scene_history("eb66ae030829: stale TLB entries after mremap");
	ASSERT_EQ(0, remap_touched(&r, variant->table));
	n = r.pages;

	for (size_t i = 0; i < 4; i++) {
		/* A stale TLB entry would still let these through. */
		CLAIM_DATA(FAULTED(SIGSEGV), load(page_at(&r.map, r.touched[i])));
		CLAIM_DATA(0, pattern_diff(page_at(&r.room, r.touched[i]), page, (unsigned int)i));
	}
	CLAIM_EQ(4 * page, rss(&r.room));
	CLAIM_EQ(8, pagemap_count(0, page_at(&r.room, n), 8, ~PM_SOFT_DIRTY, 0));
	CLAIM_EQ(n, pagemap_count(0, r.map.addr, n, ~PM_SOFT_DIRTY, 0));
	CLAIM_ZEROS(page_at(&r.room, n), 8 * page);
}

QUIET_TEST_F(remap, moves_and_grows_without_copying)
{
	struct remapped r;

	NEED_OR_SKIP(PFN);
	ASSERT_EQ(0, remap_touched(&r, variant->table));

	for (size_t i = 0; i < 4; i++) {
		uint64_t after = pagemap_entry(0, page_at(&r.room, r.touched[i]));

		CLAIM_NE(0, pm_pfn(after));
		CLAIM_EQ(r.before[i] & ~PM_SOFT_DIRTY, after & ~PM_SOFT_DIRTY);
	}
}

/* Touches every third of 24 pages, and claims that these came and are anonymous. */
static void claim_lazy(struct __test_metadata *_metadata, char *start)
{
	size_t page = page_size();
	uint64_t entry, flags;

	CLAIM_EQ(24, pagemap_count(0, start, 24, ~PM_SOFT_DIRTY, 0));
	for (size_t i = 0; i < 24; i += 3) {
		CLAIM_DATA(0, load(start + i * page + i));
		ASSERT_DONE(store(start + i * page, 1));
	}
	for (size_t i = 0; i < 24; i++) {
		entry = pagemap_entry(0, start + i * page);
		CLAIM_EQ(i % 3 ? 0 : PM_PRESENT, entry & PM_STATE);
		if (i % 3 || !need_met(NEED_KPAGE))
			continue;
		CLAIM_NE(0, pm_pfn(entry));
		ASSERT_EQ(0, kpage_flags(pm_pfn(entry), &flags));
		CLAIM_EQ(KPF(ANON), flags & KPF(ANON));
	}
}

QUIET_TEST(heap_grows_the_same_way)
{
	size_t page = page_size();
	struct smaps before, after;
	uintptr_t start;

	ASSERT_EQ(0, prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0));
	ASSERT_NE((void *)-1, sbrk((intptr_t)page));
	start = ((uintptr_t)sbrk(0) + page - 1) / page * page;
	ASSERT_EQ(0, brk((void *)(start + 24 * page)));
	/* What reading takes of the heap itself is taken the first time. */
	ASSERT_EQ(0, smaps_named("[heap]", &before));
	ASSERT_EQ(0, smaps_named("[heap]", &before));

	claim_lazy(_metadata, (char *)start);

	ASSERT_EQ(0, smaps_named("[heap]", &after));
	CLAIM_EQ(8 * page, after.rss - before.rss);
	CLAIM_EQ(8 * page, after.anonymous - before.anonymous);
}

QUIET_TEST(stack_grows_the_same_way)
{
	char *here = __builtin_frame_address(0);
	size_t page = page_size();
	struct smaps before, after;
	struct range map;
	uintptr_t start;

	ASSERT_EQ(0, prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0));
	/* The calls of the case need stack themselves, which this brings. */
	ASSERT_EQ(0, map_private(&map, 24));
	claim_lazy(_metadata, map.addr);
	ASSERT_EQ(0, smaps_named("[stack]", &before));
	ASSERT_EQ(0, smaps_named("[stack]", &before));
	start = (uintptr_t)here / page * page - 64 * page;

	ASSERT_DONE(store((char *)start - page, 1));
	claim_lazy(_metadata, (char *)start);

	ASSERT_EQ(0, smaps_named("[stack]", &after));
	CLAIM_LE(before.size, after.size);
	CLAIM_EQ(9 * page, after.rss - before.rss);
	CLAIM_EQ(9 * page, after.anonymous - before.anonymous);
}

QUIET_TEST(process_accounts_follow_the_touched_memory)
{
	long drift = status_drift_pages();
	long pages = 4 * drift + 64;
	struct told empty, half, full, none;
	struct range map;

	scene_history("f1a7941243c1, 82241a83cd15: how exact Rss in status is");
	NEED_OR_SKIP(ROLLUP);
	ASSERT_EQ(0, pin_to_cpu());
	/* The first round brings the pages of code that the second would fault in. */
	for (int round = 0; round < 2; round++) {
		ASSERT_EQ(0, map_private(&map, (size_t)pages));
		empty = tell(0);
		for (long i = 0; i < pages; i++) {
			ASSERT_DONE(i % 2 ? store(page_at(&map, (size_t)i), 1) :
					    load(page_at(&map, (size_t)i)));
		}
		half = tell(0);
		for (long i = 0; i < pages; i += 2) {
			ASSERT_DONE(store(page_at(&map, (size_t)i), 1));
		}
		full = tell(0);
		ASSERT_EQ(0, madvise(map.addr, map.len, MADV_DONTNEED));
		none = tell(0);
		ASSERT_EQ(0, unmap(&map));
	}

	CLAIM_TOLD(empty, half, pages / 2, drift);
	CLAIM_TOLD(half, full, pages / 2, drift);
	CLAIM_TOLD(full, none, -pages, drift);
	/* Each of the three kinds is rounded down by itself. */
	CLAIM_LE(0, full.pss_of_no_kind);
	CLAIM_GE(2, full.pss_of_no_kind);
}

QUIET_TEST(accounts_of_a_child_begin_with_what_it_inherits)
{
	long drift = status_drift_pages(), pages = 4 * drift + 64;
	struct told inherited, copied, none;
	struct range map;
	struct peer child;

	scene_history("f1a7941243c1, 82241a83cd15: how exact Rss in status is");
	NEED_OR_SKIP(ROLLUP);
	ASSERT_EQ(0, pin_to_cpu());
	ASSERT_EQ(0, map_private(&map, (size_t)pages));
	pattern_fill(map.addr, map.len, 1);
	ASSERT_EQ(0, peer_fork(&child));
	inherited = tell(child.pid);
	ASSERT_DONE(fill_in(&child, map.addr, map.len, 2));
	copied = tell(child.pid);
	ASSERT_DONE(munmap_in(&child, map.addr, map.len));
	none = tell(child.pid);

	CLAIM_LE(pages, inherited.rollup_anon);
	CLAIM_LE(pages, copied.rollup_anon);
	CLAIM_GT(pages, none.rollup_anon);
	/* What the kernel counts, and what it sees. */
	CLAIM_GE(drift, llabs(inherited.status - inherited.rollup_anon));
	CLAIM_GE(drift, llabs(copied.status - copied.rollup_anon));
	CLAIM_GE(drift, llabs(none.status - none.rollup_anon));
}

int main(int argc, char **argv)
{
	program_begin(argc, argv);
	return test_harness_run(argc, argv);
}
