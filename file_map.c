// SPDX-License-Identifier: GPL-2.0
/*
 * File mappings, shared and private: a file's pages are in memory once, for
 * read(2), write(2) and every mapping; who stores through a private mapping
 * gets an anonymous copy that nobody else sees.
 *
 * Behaviour: mmap(2), msync(2), mincore(2), posix_fadvise(2),
 * filesystems/proc.rst (smaps), admin-guide/mm/pagemap.rst.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>

#include "claim/harness.h"
#include "act/filedata.h"
#include "act/pageout.h"
#include "act/touch.h"
#include "borrow/scratch.h"
#include "borrow/thp.h"
#include "claim/accounts.h"
#include "claim/case.h"
#include "claim/sharing.h"
#include "claim/system.h"
#include "observe/kpage.h"
#include "observe/object.h"
#include "observe/patience.h"
#include "observe/procfs.h"
#include "observe/status.h"

#define PAGES	8	/* of a file, where nothing calls for more */
#define SEED	1	/* of the pattern that a file starts with */

static enum need need_of(enum scratch_kind kind)
{
	static const enum need needs[] = {
		[SCRATCH_HERE] = NEED_SCRATCH, [SCRATCH_TMPFS] = NEED_TMPFS,
		[SCRATCH_MEMFD] = NEED_MEMFD, [SCRATCH_EXT4] = NEED_EXT4,
		[SCRATCH_XFS] = NEED_XFS, [SCRATCH_BTRFS] = NEED_BTRFS,
		[SCRATCH_OVERLAY] = NEED_OVERLAY,
	};

	return needs[kind];
}

/*
 * Different code serves the file system at hand, tmpfs, memfds, and each of
 * those that are made here where that can be done.
 */
#define MEMORY_FILES(ADD)	ADD(tmpfs, SCRATCH_TMPFS); ADD(memfd, SCRATCH_MEMFD)
#define MADE_FILES(ADD)								\
	ADD(ext4, SCRATCH_EXT4); ADD(xfs, SCRATCH_XFS); ADD(btrfs, SCRATCH_BTRFS); \
	ADD(overlay, SCRATCH_OVERLAY)
#define EVERY_FILE(ADD)		ADD(here, SCRATCH_HERE); MEMORY_FILES(ADD); MADE_FILES(ADD)

VARIANTS_ONLY(file) { enum scratch_kind kind; };
#define FILE_OF(name, kind)	FIXTURE_VARIANT_ADD(file, name) { kind }
EVERY_FILE(FILE_OF);

/* The same, for each way of writing through a mapping. */
VARIANTS_ONLY(store) { enum scratch_kind kind; touch_fn touch; };
#define STORE(name, kind)	FIXTURE_VARIANT_ADD(store, name) { kind, touch_by_store }
#define EVERY_STORE(name, kind)							\
	STORE(name, kind);							\
	FIXTURE_VARIANT_ADD(store, name##_syscall) { kind, touch_by_syscall };	\
	FIXTURE_VARIANT_ADD(store, name##_remote) { kind, touch_by_mem }
EVERY_STORE(here, SCRATCH_HERE);
MEMORY_FILES(EVERY_STORE);
/* Which way it was makes no difference to them. */
MADE_FILES(STORE);

/* One file and all who look at it; the peer has both mappings, too. */
struct views {
	int fd;
	struct range shared, private;
	struct peer peer;
};

static int file_with_data(enum scratch_kind kind, size_t len)
{
	int fd = scratch_file(kind, 0);
	int ret = fd < 0 ? fd : file_fill(fd, 0, len, SEED);

	return ret ?: fd;
}

/* What a file's pages are, also where that is because of how we made it. */
static enum scratch_medium medium_of(enum scratch_kind kind, int fd)
{
	return kind == SCRATCH_OVERLAY ? MEDIUM_STORAGE : scratch_medium(fd);
}

static int map_file(struct range *map, size_t pages, int flags, int fd)
{
	return map_across_tables(map, pages, PROT_READ | PROT_WRITE, flags, fd, 0);
}

/*
 * Of the file that @views->fd is; @prot: of the private mapping, where that is of reading
 * only, so is its descriptor.
 */
static int views_map(struct views *views, int prot)
{
	int private, ret;

	private = prot & PROT_WRITE ? views->fd : scratch_reopen(views->fd, O_RDONLY);
	if (private < 0)
		return private;
	ret = map_file(&views->shared, PAGES, MAP_SHARED, views->fd);
	ret = ret ?: map_across_tables(&views->private, PAGES, prot, MAP_PRIVATE, private, 0);
	ret = ret ?: peer_fork(&views->peer);
	scene_add("shared", NULL, &views->shared);
	scene_add("private", NULL, &views->private);
	scene_add("peer's shared", &views->peer, &views->shared);
	scene_add("peer's private", &views->peer, &views->private);
	return ret;
}

static int views_open(struct views *views, enum scratch_kind kind, int prot)
{
	views->fd = file_with_data(kind, PAGES * page_size());
	return views->fd < 0 ? views->fd : views_map(views, prot);
}

/* What is in memory only is reclaimed and dropped as anonymous memory is. */
#define NEED_FILE_OR_SKIP(kind)							\
	do {									\
		if ((kind) != SCRATCH_TMPFS && (kind) != SCRATCH_MEMFD) {	\
			attempt_struck_by(RECLAIMED);				\
			attempt_struck_by(DROPPED);				\
		}								\
		NEED_ONE_OR_SKIP(need_of(kind));				\
	} while (0)

/* A new file of so many bytes of data. */
#define FILE_OR_SKIP(fd, kind, len)						\
	do {									\
		NEED_FILE_OR_SKIP(kind);					\
		(fd) = file_with_data(kind, len);				\
		ASSERT_LE(0, fd);						\
	} while (0)

#define VIEWS_OR_SKIP(views, kind)						\
	do {									\
		NEED_FILE_OR_SKIP(kind);					\
		ASSERT_EQ(0, views_open(views, kind, PROT_READ | PROT_WRITE));	\
	} while (0)

/* Where nobody else is known to hold a page, one that stays is somebody's bug. */
static int drop_cache(int fd, enum scratch_kind kind, size_t pages)
{
	int ret = file_drop_cache(fd, pages);

	return ret == -EAGAIN && scratch_lets_go(kind, fd) ? -EBUSY : ret;
}

#define DROP_CACHE_OR_SKIP(fd, kind, pages) \
	DONE_OR_SKIP(drop_cache(fd, kind, pages), "the page cache did not let go")

static size_t mapping_diff(const struct range *map)
{
	return pattern_diff(map->addr, map->len, SEED);
}

/* Bytes of one page that are not what the file started with there. */
static size_t file_page_diff(const struct range *map, size_t page)
{
	return pattern_diff_part(page_at(map, page), page * page_size(), page_size(), SEED);
}

/* Some byte of a page, the first and the last one of the file among them. */
static size_t byte_of(size_t page)
{
	if (!page)
		return 0;
	return page == PAGES - 1 ? page_size() - 1 : page * 997 % page_size();
}

static long do_load_all(void *addr, size_t len, long arg)
{
	long ret = 0;

	(void)arg;
	for (size_t at = 0; at < len && ret >= 0; at += page_size())
		ret = load((char *)addr + at);
	return ret < 0 ? ret : 0;
}

static long load_all_in(struct peer *who, const struct range *map)
{
	return run_in(who, do_load_all, map->addr, map->len, 0);
}

/* A journal that has data, too, made them dirty once more, before 6.4. */
static bool stays_clean(enum scratch_kind kind, int fd)
{
	return kind != SCRATCH_HERE || !scratch_journals_data(fd);
}

/* Nothing is left to be written, as reading past the page cache would see to that first. */
static void claim_written_back(struct __test_metadata *_metadata, enum scratch_kind kind, int fd,
			       const struct range *map)
{
	uint64_t flags;
	struct smaps s;

	if (!stays_clean(kind, fd))
		return;
	ASSERT_DONE(load_all_in(NULL, map));
	ASSERT_EQ(0, smaps_range(0, map->addr, map->len, &s));
	CLAIM_EQ(map->len, s.rss);
	/* In bytes, and no reclaim makes a page dirty. */
	CLAIM_DATA(0, s.shared_dirty + s.private_dirty);
	for (size_t i = 0; need_met(NEED_KPAGE) && i < map->pages; i++) {
		ASSERT_EQ(0, kpage_flags(pm_pfn(pagemap_entry(0, page_at(map, i))), &flags));
		CLAIM_EQ(0, flags & (KPF(DIRTY) | KPF(WRITEBACK)));
	}
}

/* All but who maps it privately here differ from what the file started with in as many bytes. */
static void claim_others_differ(struct __test_metadata *_metadata, struct views *views,
				size_t bytes)
{
	CLAIM_DATA(bytes, file_diff(views->fd, views->shared.len, SEED));
	CLAIM_DATA(bytes, mapping_diff(&views->shared));
	CLAIM_DATA(bytes, diff_in(&views->peer, views->shared.addr, views->shared.len, SEED));
	CLAIM_DATA(bytes, diff_in(&views->peer, views->private.addr, views->private.len, SEED));
}

static void claim_stores_are_seen(struct __test_metadata *_metadata, struct views *v,
				  struct peer *who, touch_fn touch)
{
	for (size_t i = 0; i < PAGES; i++) {
		off_t at = (off_t)(i * page_size() + byte_of(i));

		/* The second half has been read when it is written. */
		if (i == PAGES / 2) {
			ASSERT_DONE(load_all_in(NULL, &v->shared));
		}
		/* No byte of a pattern is 0. */
		ASSERT_DONE(touch_in(who, touch, v->shared.addr + at, 0));
		CLAIM_DATA(0, load(v->shared.addr + at));
		CLAIM_DATA(0, file_byte(v->fd, at));
		CLAIM_DATA(0, load(v->private.addr + at));
		CLAIM_DATA(0, load_in(&v->peer, v->shared.addr + at));
		CLAIM_DATA(0, load_in(&v->peer, v->private.addr + at));
	}
	claim_others_differ(_metadata, v, PAGES);
	CLAIM_DATA(PAGES, mapping_diff(&v->private));
	CLAIM_ACCOUNTS_AGREE(0, &v->shared);
	CLAIM_ACCOUNTS_AGREE(v->peer.pid, &v->shared);
}

QUIET_TEST_F(store, to_a_shared_mapping_is_what_everybody_sees)
{
	struct views v;

	VIEWS_OR_SKIP(&v, variant->kind);
	/* Half of the pages are mapped by the others when they change. */
	for (size_t i = 0; i < PAGES / 2; i++) {
		ASSERT_ANSWER(load(page_at(&v.private, i)));
		ASSERT_ANSWER(load_in(&v.peer, page_at(&v.shared, i)));
	}
	claim_stores_are_seen(_metadata, &v, NULL, variant->touch);
}

QUIET_TEST_F(file, store_by_another_process_is_what_everybody_sees)
{
	struct views v;

	VIEWS_OR_SKIP(&v, variant->kind);
	ASSERT_DONE(load_all_in(NULL, &v.shared));
	claim_stores_are_seen(_metadata, &v, &v.peer, touch_by_store);
}

QUIET_TEST_F(file, mapping_at_an_offset_shows_that_part)
{
	size_t page = page_size();
	struct range map;
	int fd;

	FILE_OR_SKIP(fd, variant->kind, PAGES * page_size());
	ASSERT_EQ(0, map_pages(&map, 3, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 4 * (off_t)page));
	scene_add("pages 4 to 6", NULL, &map);

	CLAIM_DATA(0, pattern_diff_part(map.addr, 4 * page, map.len, SEED));
	ASSERT_DONE(store(page_at(&map, 2) + page - 1, 0));

	CLAIM_DATA(0, file_byte(fd, 7 * (off_t)page - 1));
	CLAIM_DATA(1, file_diff(fd, PAGES * page, SEED));
}

QUIET_TEST_F(file, write_is_what_every_mapping_sees)
{
	size_t page = page_size();
	/* A byte, a page's end, across two ends, one page, the last byte. */
	const struct { size_t at, len; } writes[] = {
		{ 0, 1 }, { 2 * page - 9, 9 }, { 3 * page - 5, page + 10 },
		{ 5 * page, page }, { PAGES * page - 1, 1 },
	};
	static const char zeros[65536 + 10];
	size_t changed = 0;
	struct views v;

	VIEWS_OR_SKIP(&v, variant->kind);
	ASSERT_LE(page + 10, sizeof(zeros));
	ASSERT_DONE(load_all_in(NULL, &v.shared));
	CLAIM_DATA(pattern_byte(0, SEED), load_in(&v.peer, v.private.addr));

	for (size_t i = 0; i < ARRAY_SIZE(writes); i++) {
		ASSERT_EQ((ssize_t)writes[i].len, pwrite(v.fd, zeros, writes[i].len,
							 (off_t)writes[i].at));
		changed += writes[i].len;
		CLAIM_ZEROS(v.shared.addr + writes[i].at, writes[i].len);
		claim_others_differ(_metadata, &v, changed);
		CLAIM_DATA(changed, mapping_diff(&v.private));
	}
	CLAIM_ACCOUNTS_AGREE(0, &v.shared);
	CLAIM_ACCOUNTS_AGREE(0, &v.private);
}

QUIET_TEST_F(file, write_behind_the_end_brings_pages)
{
	size_t page = page_size();
	struct range map;
	int fd;

	FILE_OR_SKIP(fd, variant->kind, 2 * page);
	ASSERT_EQ(0, map_file(&map, 4, MAP_SHARED, fd));
	scene_add("longer than the file", NULL, &map);
	CLAIM_DATA(FAULTED(SIGBUS), load(page_at(&map, 2)));

	ASSERT_EQ(1, pwrite(fd, "x", 1, 2 * (off_t)page + 5));

	CLAIM_DATA(0, pattern_diff(map.addr, 2 * page, SEED));
	CLAIM_DATA('x', load(page_at(&map, 2) + 5));
	CLAIM_ZEROS(page_at(&map, 2), 5);
	CLAIM_ZEROS(page_at(&map, 2) + 6, page - 6);
	CLAIM_DATA(FAULTED(SIGBUS), load(page_at(&map, 3)));
}

/*
 * Is what a folio says of the mappers of each page exact? Of one page it is; of a large
 * one some kernels tell an average, and by bit 56 a guess.
 */
static bool is_told_by_page(uint64_t flags)
{
	static int of_large = -1;

	if (!(flags & (KPF(COMPOUND_HEAD) | KPF(COMPOUND_TAIL))))
		return true;
	/* The kernel's word on that takes an anonymous huge page. */
	if (of_large < 0)
		of_large = need_take(NEED_THP) && huge_grain(false) != WHOLE_FOLIO;
	return of_large;
}

/*
 * All of a mapping's pages are the page cache's frames, which @frames lists, and
 * mapped as often.
 */
static void claim_cache_frames(struct __test_metadata *_metadata, pid_t pid,
			       const struct range *map, const uint64_t *frames, size_t mappers)
{
	uint64_t entries[PAGES], flags, count;
	size_t exact = 0;
	struct smaps s;

	ASSERT_EQ(0, pagemap_read(pid, map->addr, PAGES, entries));
	for (size_t i = 0; i < PAGES; i++) {
		CLAIM_NE(0, pm_pfn(entries[i]));
		CLAIM_EQ(pm_pfn(frames[i]), pm_pfn(entries[i]));
		CLAIM_EQ(PM_PRESENT | PM_FILE, entries[i] & PM_STATE);
		ASSERT_EQ(0, kpage_flags(pm_pfn(entries[i]), &flags));
		ASSERT_EQ(0, kpage_count(pm_pfn(entries[i]), &count));
		CLAIM_LE(1, count);
		if (!is_told_by_page(flags))
			continue;
		CLAIM_EQ(mappers, count);
		CLAIM_EQ(mappers == 1, !!(entries[i] & PM_EXCLUSIVE));
		exact++;
	}
	ASSERT_EQ(0, smaps_range(pid, map->addr, map->len, &s));
	CLAIM_EQ(map->len, s.rss);
	CLAIM_EQ(0, s.anonymous);
	CLAIM_EQ(0, s.swap);
	CLAIM_ACCOUNTS_AGREE(pid, map);
	if (exact < PAGES)
		return;
	CLAIM_EQ(mappers > 1 ? 0 : map->len, s.private_clean + s.private_dirty);
	CLAIM_EQ(mappers > 1 ? map->len : 0, s.shared_clean + s.shared_dirty);
	/* In kB, and so rounded down. */
	CLAIM_EQ(map->len / mappers >> 10, s.pss >> 10);
}

static void claim_one_frame_for_all(struct __test_metadata *_metadata, struct views *v,
				    enum scratch_medium medium)
{
	uint64_t frames[PAGES], flags;

	ASSERT_DONE(load_all_in(NULL, &v->shared));
	ASSERT_EQ(0, pagemap_read(0, v->shared.addr, PAGES, frames));
	claim_cache_frames(_metadata, 0, &v->shared, frames, 1);
	ASSERT_DONE(load_all_in(NULL, &v->private));
	claim_cache_frames(_metadata, 0, &v->private, frames, 2);
	claim_cache_frames(_metadata, 0, &v->shared, frames, 2);
	ASSERT_DONE(load_all_in(&v->peer, &v->shared));
	claim_cache_frames(_metadata, v->peer.pid, &v->shared, frames, 3);
	ASSERT_DONE(load_all_in(&v->peer, &v->private));
	claim_cache_frames(_metadata, v->peer.pid, &v->private, frames, 4);
	claim_cache_frames(_metadata, 0, &v->shared, frames, 4);

	for (size_t i = 0; i < PAGES; i++) {
		ASSERT_EQ(0, kpage_flags(pm_pfn(frames[i]), &flags));
		CLAIM_EQ(KPF(MMAP), flags & (KPF(MMAP) | KPF(ANON) | KPF(ZERO_PAGE)));
		/* Of a large folio not all kernels show it where it is not the first page. */
		if (medium == MEDIUM_SHMEM && flags & KPF(COMPOUND_TAIL))
			flags |= KPF(SWAPBACKED);
		if (medium != MEDIUM_STACKED) {
			CLAIM_EQ(medium == MEDIUM_SHMEM, !!(flags & KPF(SWAPBACKED)));
		}
	}

	ASSERT_EQ(0, munmap(v->private.addr, v->private.len));
	claim_cache_frames(_metadata, 0, &v->shared, frames, 3);
	ASSERT_DONE(peer_exit(&v->peer));
	claim_cache_frames(_metadata, 0, &v->shared, frames, 1);
}

QUIET_TEST_F(file, unwritten_pages_are_one_frame_for_all)
{
	struct views v;

	VIEWS_OR_SKIP(&v, variant->kind);
	NEED_OR_SKIP(KPAGE);
	claim_one_frame_for_all(_metadata, &v, medium_of(variant->kind, v.fd));
}

/* A memfd of one huge page that nobody maps; -EAGAIN where none is to be had. */
static int make_huge_file(int *fd)
{
	size_t size = thp_pmd_size(), pages = size / page_size();
	long long fell_back = vmstat_event("thp_file_fallback");
	struct range map;
	int ret;

	*fd = scratch_file(SCRATCH_MEMFD, pages);
	ret = *fd < 0 ? *fd : map_private_aligned(&map, pages, size);
	if (ret)
		return ret;
	if (mmap(map.addr, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, *fd, 0) ==
	    MAP_FAILED || madvise(map.addr, size, MADV_HUGEPAGE))
		return -errno;
	pattern_fill(map.addr, PAGES * page_size(), SEED);
	unmap(&map);
	return vmstat_event("thp_file_fallback") > fell_back ? -EAGAIN : 0;
}

QUIET_TEST(unwritten_pages_of_a_huge_page_are_one_frame_for_all)
{
	uint64_t flags;
	struct views v;

	NEED_OR_SKIP(MEMFD);
	NEED_OR_SKIP(KPAGE);
	NEED_OR_SKIP(SHMEM_THP);
	attempt_struck_by(HUGE);
	DONE_OR_SKIP(make_huge_file(&v.fd), "no huge page to be had");
	ASSERT_EQ(0, views_map(&v, PROT_READ | PROT_WRITE));

	claim_one_frame_for_all(_metadata, &v, MEDIUM_SHMEM);
	ASSERT_EQ(0, kpage_flags(pm_pfn(pagemap_entry(0, page_at(&v.shared, 1))), &flags));
	CLAIM_EQ(KPF(COMPOUND_TAIL), flags & KPF(COMPOUND_TAIL));
}

QUIET_TEST_F(file, unwritten_pages_are_file_pages)
{
	struct views v;

	scene_history("3f9f022e975d: the bit for files");
	VIEWS_OR_SKIP(&v, variant->kind);

	for (int i = 0; i < 2; i++) {
		const struct range *map = i ? &v.private : &v.shared;
		struct smaps s;

		CLAIM_EQ(PAGES, pagemap_count(0, map->addr, PAGES, ~PM_SOFT_DIRTY, 0));
		ASSERT_DONE(load_all_in(NULL, map));
		CLAIM_EQ(PAGES, pagemap_count(0, map->addr, PAGES, PM_STATE,
					      PM_PRESENT | PM_FILE));
		ASSERT_EQ(0, smaps_range(0, map->addr, map->len, &s));
		CLAIM_EQ(1, s.vmas);
		CLAIM_EQ(map->len, s.rss);
		CLAIM_EQ(0, s.anonymous + s.swap + s.lazyfree);
		CLAIM_EQ(i == 0, smaps_has_flag(&s, "sh"));
		CLAIM_STREQ(i == 0 ? "rw-s" : "rw-p", s.perms);
		CLAIM_ACCOUNTS_AGREE(0, map);
	}
}

QUIET_TEST_F(file, scan_calls_unwritten_pages_file)
{
	struct page_region regions[PAGES];
	struct views v;

	VIEWS_OR_SKIP(&v, variant->kind);
	NEED_OR_SKIP(SCAN);
	ASSERT_DONE(store(page_at(&v.private, 3), 0));
	ASSERT_DONE(load_all_in(NULL, &v.private));

	ASSERT_EQ(3, pagemap_scan(0, v.private.addr, PAGES, PAGE_IS_PRESENT, regions, PAGES));

	CLAIM_EQ((uintptr_t)page_at(&v.private, 3), regions[0].end);
	CLAIM_EQ(PAGE_IS_PRESENT | PAGE_IS_FILE, regions[0].categories & ~PAGE_IS_SOFT_DIRTY);
	CLAIM_EQ((uintptr_t)page_at(&v.private, 4), regions[1].end);
	CLAIM_EQ(PAGE_IS_PRESENT, regions[1].categories & ~PAGE_IS_SOFT_DIRTY);
	CLAIM_EQ(PAGE_IS_PRESENT | PAGE_IS_FILE, regions[2].categories & ~PAGE_IS_SOFT_DIRTY);
}

/* @copied: by their digits, the pages that are the writer's alone, each with one byte changed. */
static void claim_copied(struct __test_metadata *_metadata, const struct range *map,
			 const char *copied)
{
	for (size_t i = 0; i < PAGES; i++) {
		bool copy = strchr(copied, '0' + (int)i);
		uint64_t entry = pagemap_entry(0, page_at(map, i));

		CLAIM_EQ(copy ? PM_PRESENT : PM_PRESENT | PM_FILE, entry & PM_STATE);
		if (copy) {
			CLAIM_EQ(PM_EXCLUSIVE, entry & PM_EXCLUSIVE);
		}
		CLAIM_DATA(copy, file_page_diff(map, i));
	}
}

QUIET_TEST_F(store, to_a_private_mapping_makes_an_anonymous_copy)
{
	/* One page that was never read, then pages that were, at both ends. */
	static const size_t written[] = { 5, 0, 3, 4, 7 };
	size_t page = page_size();
	struct smaps s;
	struct views v;

	VIEWS_OR_SKIP(&v, variant->kind);
	ASSERT_DONE(load_all_in(&v.peer, &v.private));

	ASSERT_DONE(variant->touch(page_at(&v.private, 5) + byte_of(5), 0));
	ASSERT_EQ(0, smaps_range(0, v.private.addr, v.private.len, &s));
	CLAIM_EQ(page, s.rss);
	CLAIM_EQ(page, s.pss);
	CLAIM_EQ(page, s.anonymous);
	CLAIM_EQ(page, s.private_dirty);
	CLAIM_EQ(PAGES - 1, pagemap_count(0, v.private.addr, PAGES, PM_STATE, 0));
	claim_others_differ(_metadata, &v, 0);

	ASSERT_DONE(load_all_in(NULL, &v.private));
	for (size_t i = 1; i < ARRAY_SIZE(written); i++) {
		char *at = page_at(&v.private, written[i]) + byte_of(written[i]);

		ASSERT_DONE(variant->touch(at, 0));
		ASSERT_EQ(0, smaps_range(0, v.private.addr, v.private.len, &s));
		CLAIM_EQ(v.private.len, s.rss);
		CLAIM_EQ((i + 1) * page, s.anonymous);
		CLAIM_EQ((i + 1) * page, s.private_dirty);
	}

	claim_copied(_metadata, &v.private, "03457");
	claim_others_differ(_metadata, &v, 0);
	CLAIM_ACCOUNTS_AGREE(0, &v.private);
	CLAIM_ACCOUNTS_AGREE(v.peer.pid, &v.private);
}

QUIET_TEST_F(store, to_a_private_mapping_gets_a_frame_of_its_own)
{
	uint64_t cache[PAGES], own[PAGES], flags, count;
	struct views v;

	VIEWS_OR_SKIP(&v, variant->kind);
	NEED_OR_SKIP(KPAGE);
	ASSERT_DONE(load_all_in(NULL, &v.shared));
	ASSERT_EQ(0, pagemap_read(0, v.shared.addr, PAGES, cache));
	for (size_t i = 0; i < PAGES; i += 2) {
		ASSERT_ANSWER(load(page_at(&v.private, i)));
	}

	for (size_t i = 0; i < PAGES; i++) {
		ASSERT_DONE(variant->touch(page_at(&v.private, i), 0));
	}

	ASSERT_EQ(0, pagemap_read(0, v.private.addr, PAGES, own));
	for (size_t i = 0; i < PAGES; i++) {
		CLAIM_NE(0, pm_pfn(own[i]));
		CLAIM_NE(pm_pfn(cache[i]), pm_pfn(own[i]));
		CLAIM_EQ(PM_PRESENT | PM_EXCLUSIVE, own[i] & (PM_STATE | PM_EXCLUSIVE));
		ASSERT_EQ(0, kpage_flags(pm_pfn(own[i]), &flags));
		CLAIM_EQ(KPF(ANON) | KPF(MMAP) | KPF(SWAPBACKED),
			 flags & (KPF(ANON) | KPF(MMAP) | KPF(SWAPBACKED) | KPF(ZERO_PAGE)));
		ASSERT_EQ(0, kpage_count(pm_pfn(own[i]), &count));
		CLAIM_EQ(1, count);
	}
	/* The others keep the page cache's, and nothing of the writer is on it. */
	claim_cache_frames(_metadata, 0, &v.shared, cache, 1);
}

/* The process's own counts, in pages; which line is the file's depends on it. */
struct counts {
	long long file;
	long long anon;
};

/* Faults that count nothing, as the zero page is nobody's. */
static void settle_counts(void)
{
	struct range zeros;

	if (map_private(&zeros, 2 * RSS_EVENTS))
		return;
	load_all_in(NULL, &zeros);
	unmap(&zeros);
}

static struct counts count_rss(enum scratch_kind kind, int fd)
{
	enum scratch_medium medium = medium_of(kind, fd);
	struct counts counts = { 0 };

	settle_counts();
	if (medium != MEDIUM_SHMEM)
		counts.file += status_number(0, "RssFile");
	if (medium == MEDIUM_SHMEM || medium == MEDIUM_STACKED)
		counts.file += status_number(0, "RssShmem");
	counts.file /= (long long)page_size();
	counts.anon = status_number(0, "RssAnon") / (long long)page_size();
	return counts;
}

/* Blocks for stores would take memory of their own. */
static int bring_in(const struct range *map, enum scratch_medium medium)
{
	int ret = 0;

	for (size_t i = 0; i < map->pages && !ret; i++)
		ret = medium == MEDIUM_STORAGE ? load(page_at(map, i)) : store(page_at(map, i), 1);
	return ret;
}

QUIET_TEST_F(file, private_stores_move_pages_from_rssfile_to_rssanon)
{
	long drift = status_drift_pages();
	size_t pages = 3 * (size_t)drift;
	struct counts start, mapped, copied, end;
	struct range map;
	int fd;

	scene_history("f1a7941243c1, 82241a83cd15: how exact Rss in status is");
	FILE_OR_SKIP(fd, variant->kind, pages * page_size());
	ASSERT_EQ(0, pin_to_cpu());
	ASSERT_EQ(0, map_file(&map, pages, MAP_PRIVATE, fd));

	start = count_rss(variant->kind, fd);
	ASSERT_DONE(load_all_in(NULL, &map));
	mapped = count_rss(variant->kind, fd);
	ASSERT_DONE(bring_in(&map, MEDIUM_RAMFS));
	copied = count_rss(variant->kind, fd);
	ASSERT_EQ(0, unmap(&map));
	end = count_rss(variant->kind, fd);

	CLAIM_GE(drift, llabs(mapped.file - start.file - (long long)pages));
	CLAIM_GE(drift, llabs(mapped.anon - start.anon));
	CLAIM_GE(drift, llabs(copied.file - start.file));
	CLAIM_GE(drift, llabs(copied.anon - start.anon - (long long)pages));
	CLAIM_GE(drift, llabs(end.file - start.file));
	CLAIM_GE(drift, llabs(end.anon - start.anon));
}

QUIET_TEST_F(file, private_copies_no_longer_follow_the_file)
{
	struct views v;

	VIEWS_OR_SKIP(&v, variant->kind);
	ASSERT_DONE(store(page_at(&v.private, 2) + 1, 0));
	ASSERT_DONE(store(page_at(&v.private, 6) + 1, 0));

	/* One by write(2), one by a store of another process. */
	ASSERT_EQ(1, pwrite(v.fd, "", 1, 2 * (off_t)page_size() + 7));
	ASSERT_DONE(store_in(&v.peer, page_at(&v.shared, 6) + 7, 0));

	CLAIM_DATA(pattern_byte(2 * page_size() + 7, SEED), load(page_at(&v.private, 2) + 7));
	CLAIM_DATA(pattern_byte(6 * page_size() + 7, SEED), load(page_at(&v.private, 6) + 7));
	CLAIM_DATA(1, file_page_diff(&v.private, 2));
	CLAIM_DATA(1, file_page_diff(&v.private, 6));
	CLAIM_DATA(1, file_page_diff(&v.shared, 2));
	CLAIM_DATA(1, file_page_diff(&v.shared, 6));
	CLAIM_DATA(0, load(page_at(&v.shared, 6) + 7));
	CLAIM_DATA(2, file_diff(v.fd, v.shared.len, SEED));
}

QUIET_TEST_F(file, dontneed_brings_the_files_bytes_back)
{
	size_t page = page_size();
	struct smaps s;
	struct views v;

	VIEWS_OR_SKIP(&v, variant->kind);
	memset(v.private.addr, 0, v.private.len);

	ASSERT_EQ(0, madvise(page_at(&v.private, 2), 4 * page, MADV_DONTNEED));

	ASSERT_EQ(0, smaps_range(0, v.private.addr, v.private.len, &s));
	CLAIM_EQ(4 * page, s.rss);
	CLAIM_EQ(4 * page, s.anonymous);
	for (size_t i = 0; i < PAGES; i++) {
		CLAIM_DATA(i < 2 || i > 5 ? page : 0, file_page_diff(&v.private, i));
	}
	ASSERT_EQ(0, smaps_range(0, v.private.addr, v.private.len, &s));
	CLAIM_EQ(v.private.len, s.rss);
	CLAIM_EQ(4 * page, s.anonymous);
	CLAIM_ACCOUNTS_AGREE(0, &v.private);
	claim_others_differ(_metadata, &v, 0);
}

QUIET_TEST_F(file, private_writable_mapping_of_a_readonly_descriptor)
{
	struct range map;
	int fd, readonly;

	FILE_OR_SKIP(fd, variant->kind, PAGES * page_size());
	readonly = scratch_reopen(fd, O_RDONLY);
	ASSERT_LE(0, readonly);

	ASSERT_EQ(0, map_file(&map, PAGES, MAP_PRIVATE, readonly));
	scene_add("private", NULL, &map);

	CLAIM_DATA(0, mapping_diff(&map));
	for (size_t i = 0; i < PAGES; i++) {
		CLAIM_DATA(0, store(page_at(&map, i) + byte_of(i), 0));
	}
	CLAIM_DATA(PAGES, mapping_diff(&map));
	CLAIM_DATA(0, file_diff(fd, map.len, SEED));

	/* Nor does it matter when it became writable. */
	ASSERT_EQ(0, map_pages(&map, PAGES, PROT_READ, MAP_PRIVATE, readonly, 0));
	CLAIM_DATA(0, mapping_diff(&map));
	CLAIM_DATA(FAULTED(SIGSEGV), store(map.addr, 0));
	CLAIM_EQ(0, mprotect(map.addr, map.len, PROT_READ | PROT_WRITE));
	CLAIM_DATA(0, store(map.addr, 0));
	CLAIM_DATA(1, mapping_diff(&map));
	CLAIM_DATA(0, file_diff(fd, map.len, SEED));
}

QUIET_TEST_F(file, shared_writable_mapping_of_a_readonly_descriptor_is_refused)
{
	struct range map;
	struct smaps s;
	int fd, readonly;

	FILE_OR_SKIP(fd, variant->kind, PAGES * page_size());
	readonly = scratch_reopen(fd, O_RDONLY);
	ASSERT_LE(0, readonly);

	CLAIM_EQ(-EACCES, map_pages(&map, PAGES, PROT_READ | PROT_WRITE, MAP_SHARED, readonly, 0));
	CLAIM_EQ(-EACCES, map_pages(&map, PAGES, PROT_WRITE, MAP_SHARED, readonly, 0));

	/* A readable one is fine, stays readable only, and follows the file. */
	ASSERT_EQ(0, map_pages(&map, PAGES, PROT_READ, MAP_SHARED, readonly, 0));
	scene_add("shared, read-only", NULL, &map);
	CLAIM_EQ(-1, mprotect(map.addr, map.len, PROT_READ | PROT_WRITE));
	CLAIM_EQ(EACCES, errno);
	CLAIM_DATA(FAULTED(SIGSEGV), store(map.addr, 0));
	CLAIM_DATA(-EFAULT, touch_by_syscall(map.addr, 0));
	CLAIM_DATA(true, touch_by_mem(map.addr, 0) < 0);
	CLAIM_DATA(0, mapping_diff(&map));
	CLAIM_DATA(0, file_diff(fd, map.len, SEED));
	ASSERT_EQ(0, smaps_range(0, map.addr, map.len, &s));
	CLAIM_STREQ("r--s", s.perms);
	CLAIM_FALSE(smaps_has_flag(&s, "mw"));
	ASSERT_EQ(1, pwrite(fd, "", 1, 3));
	CLAIM_DATA(1, mapping_diff(&map));
}

/* Shared and private alike. */
VARIANTS_ONLY(mapping) { enum scratch_kind kind; int flags; };
#define BOTH_WAYS(fixture, prefix, kind)					\
	FIXTURE_VARIANT_ADD(fixture, prefix##shared) { kind, MAP_SHARED };	\
	FIXTURE_VARIANT_ADD(fixture, prefix##private) { kind, MAP_PRIVATE }
#define MAPPING(name, kind)	BOTH_WAYS(mapping, name##_, kind)
EVERY_FILE(MAPPING);

static off_t file_size(int fd)
{
	struct stat st;

	return fstat(fd, &st) ? -errno : st.st_size;
}

static void claim_sigbus_from(struct __test_metadata *_metadata, const struct range *map,
			      size_t first)
{
	size_t last_byte = page_size() - 1;

	for (size_t i = first; i < map->pages; i++) {
		CLAIM_DATA(FAULTED(SIGBUS), load(page_at(map, i)));
		CLAIM_DATA(FAULTED(SIGBUS), load(page_at(map, i) + last_byte));
		CLAIM_DATA(FAULTED(SIGBUS), store(page_at(map, i), 'x'));
		CLAIM_DATA(FAULTED(SIGBUS), store(page_at(map, i) + last_byte, 'x'));
		CLAIM_DATA(-EFAULT, touch_by_syscall(page_at(map, i), 'x'));
	}
	CLAIM_EQ(map->pages - first, pagemap_count(0, page_at(map, first), map->pages - first,
						   PM_STATE, 0));
}

QUIET_TEST_F(mapping, past_the_last_page_is_sigbus)
{
	size_t page = page_size();
	struct range map;
	int fd;

	FILE_OR_SKIP(fd, variant->kind, 4 * page);
	ASSERT_EQ(0, map_file(&map, 7, variant->flags, fd));
	scene_add("7 pages of 4", NULL, &map);

	CLAIM_DATA(0, pattern_diff(map.addr, 4 * page, SEED));
	claim_sigbus_from(_metadata, &map, 4);
	CLAIM_EQ(4 * (off_t)page, file_size(fd));

	/* One byte of a page makes all of it accessible, and no other. */
	ASSERT_EQ(0, ftruncate(fd, 5 * (off_t)page + 1));
	CLAIM_ZEROS(page_at(&map, 4), 2 * page);
	CLAIM_DATA(0, store(page_at(&map, 4), 'x'));
	CLAIM_DATA(0, store(page_at(&map, 5), 'x'));
	claim_sigbus_from(_metadata, &map, 6);
	CLAIM_DATA(0, pattern_diff(map.addr, 4 * page, SEED));
	CLAIM_ACCOUNTS_AGREE(0, &map);
}

QUIET_TEST_F(mapping, tail_of_the_last_page_is_zero_and_not_the_files)
{
	size_t page = page_size(), size = 2 * page + page / 3 + 1, tail = 3 * page - size;
	struct range map;
	struct smaps s;
	int fd;

	FILE_OR_SKIP(fd, variant->kind, size);
	ASSERT_EQ(0, map_file(&map, 4, variant->flags, fd));
	scene_add("two pages and a third", NULL, &map);

	CLAIM_DATA(0, pattern_diff(map.addr, size, SEED));
	CLAIM_ZEROS(map.addr + size, tail);
	/* Whoever writes the page back may zero it again at any moment. */
	memset(map.addr + size, 'x', tail);
	claim_sigbus_from(_metadata, &map, 3);

	CLAIM_DATA(-ENODATA, file_byte(fd, (off_t)size));
	CLAIM_EQ(0, msync(map.addr, map.len, MS_SYNC));
	if (variant->flags == MAP_SHARED &&
	    (scratch_medium(fd) == MEDIUM_STORAGE || variant->kind == SCRATCH_OVERLAY) &&
	    stays_clean(variant->kind, fd)) {
		ASSERT_EQ(0, smaps_range(0, map.addr, map.len, &s));
		CLAIM_DATA(0, s.shared_dirty + s.private_dirty);
	}
	CLAIM_EQ((off_t)size, file_size(fd));
	CLAIM_DATA(-ENODATA, file_byte(fd, (off_t)size));
	CLAIM_DATA(0, file_diff(fd, size, SEED));
	CLAIM_DATA(0, pattern_diff(map.addr, size, SEED));
}

VARIANTS_ONLY(tail) { enum scratch_kind kind; };
#define TAIL(name, kind)	FIXTURE_VARIANT_ADD(tail, name) { kind }
TAIL(here, SCRATCH_HERE);
MADE_FILES(TAIL);

QUIET_TEST_F(tail, is_not_on_the_storage)
{
	size_t page = page_size(), size = page + 5, tail = 2 * page - size;
	struct range map;
	int fd;

	if (variant->kind == SCRATCH_HERE)
		NEED_OR_SKIP(STORAGE);
	FILE_OR_SKIP(fd, variant->kind, size);
	ASSERT_EQ(0, map_file(&map, 2, MAP_SHARED, fd));
	memset(map.addr + size, 'x', tail);
	ASSERT_EQ(0, msync(map.addr, map.len, MS_SYNC));
	claim_written_back(_metadata, variant->kind, fd, &map);
	ASSERT_EQ(0, unmap(&map));

	DROP_CACHE_OR_SKIP(fd, variant->kind, 2);

	ASSERT_EQ(0, map_file(&map, 2, MAP_SHARED, fd));
	scene_add("read again", NULL, &map);
	CLAIM_DATA(0, pattern_diff(map.addr, size, SEED));
	CLAIM_ZEROS(map.addr + size, tail);
	ASSERT_EQ(0, ftruncate(fd, 2 * (off_t)page));
	CLAIM_DATA(0, file_diff(fd, size, SEED));
	CLAIM_DATA(1, file_all_zero(fd, (off_t)size, tail));
	CLAIM_ZEROS(map.addr + size, tail);
}

QUIET_TEST_F(file, truncation_takes_mapped_pages_away)
{
	size_t page = page_size(), size = 4 * page + page / 2;
	struct views v;
	struct smaps s;

	VIEWS_OR_SKIP(&v, variant->kind);
	ASSERT_DONE(load_all_in(NULL, &v.shared));
	ASSERT_DONE(load_all_in(NULL, &v.private));
	ASSERT_DONE(load_all_in(&v.peer, &v.shared));
	/* Copies that stay, that keep a part, and that go, on both sides. */
	for (size_t i = 1; i < PAGES; i += 3) {
		ASSERT_DONE(store(page_at(&v.private, i), 0));
	}
	ASSERT_DONE(store_in(&v.peer, page_at(&v.private, 5), 0));

	ASSERT_EQ(0, ftruncate(v.fd, (off_t)size));

	for (size_t i = 5; i < PAGES; i++) {
		CLAIM_DATA(FAULTED(SIGBUS), load_in(&v.peer, page_at(&v.shared, i)));
		CLAIM_DATA(FAULTED(SIGBUS), load_in(&v.peer, page_at(&v.private, i)));
		CLAIM_DATA(FAULTED(SIGBUS), store_in(&v.peer, page_at(&v.private, i), 0));
	}
	claim_sigbus_from(_metadata, &v.shared, 5);
	claim_sigbus_from(_metadata, &v.private, 5);
	CLAIM_DATA(0, pattern_diff(v.shared.addr, size, SEED));
	CLAIM_DATA(2, pattern_diff(v.private.addr, size, SEED));
	ASSERT_EQ(0, smaps_range(0, v.private.addr, v.private.len, &s));
	CLAIM_EQ(2 * page, s.anonymous);
	CLAIM_EQ(5 * page, s.rss);
	CLAIM_ACCOUNTS_AGREE(0, &v.private);
	CLAIM_EQ(5 * page, smaps_amount(0, v.shared.addr, v.shared.len, rss));
	CLAIM_ACCOUNTS_AGREE(0, &v.shared);

	CLAIM_ZEROS(v.shared.addr + size, 5 * page - size);
	CLAIM_DATA(0, file_diff(v.fd, size, SEED));

	/* What was cut off does not come back with the size. */
	ASSERT_EQ(0, ftruncate(v.fd, PAGES * (off_t)page));
	CLAIM_DATA(1, file_all_zero(v.fd, (off_t)size, PAGES * page - size));
	CLAIM_ZEROS(v.shared.addr + size, PAGES * page - size);
	CLAIM_ZEROS(page_at(&v.private, 5), 3 * page);
	CLAIM_DATA(1, all_zero_in(&v.peer, page_at(&v.private, 5), 3 * page));
	CLAIM_DATA(2, pattern_diff(v.private.addr, size, SEED));
}

QUIET_TEST_F(file, shared_pages_count_as_cache)
{
	size_t pages = system_file_pages();
	struct system_change change = { .cached = (long)pages };
	enum scratch_medium medium;
	struct range map;
	int fd;

	NEED_FILE_OR_SKIP(variant->kind);
	if (variant->kind == SCRATCH_HERE)
		NEED_OR_SKIP(UNSTACKED);
	CLAIM_SYSTEM_OR_SKIP(&change, {
		fd = scratch_file(variant->kind, pages);
		medium = medium_of(variant->kind, fd);
		ASSERT_LE(0, fd);
		ASSERT_EQ(0, map_file(&map, pages, MAP_SHARED, fd));
		change.shmem = medium == MEDIUM_SHMEM ? change.cached : 0;
	}, ASSERT_DONE(bring_in(&map, medium)), {
		ASSERT_EQ(0, unmap(&map));
		close(fd);
	});
}

QUIET_TEST_F(file, private_copies_count_as_anonymous)
{
	size_t pages = system_file_pages();
	struct system_change change = { .anon = (long)pages };
	struct range map;
	int fd;

	FILE_OR_SKIP(fd, variant->kind, pages * page_size());
	CLAIM_SYSTEM_OR_SKIP(&change,
			     ASSERT_EQ(0, map_file(&map, pages, MAP_PRIVATE, fd)),
			     ASSERT_DONE(bring_in(&map, MEDIUM_RAMFS)),
			     ASSERT_EQ(0, unmap(&map)));
}

/*
 * mmap(2) past the C library, which checks some arguments itself; where the
 * system call takes them in another form, through it.
 */
static int refused(size_t len, int prot, int flags, int fd, off_t offset)
{
#if defined(__LP64__) && !defined(__s390__)
	long addr = syscall(SYS_mmap, NULL, len, prot, flags, fd, offset);
	bool failed = addr == -1;
#else
	void *addr = mmap(NULL, len, prot, flags, fd, offset);
	bool failed = addr == MAP_FAILED;
#endif
	return failed ? -errno : 0;
}

QUIET_TEST_F(file, bad_calls_are_refused)
{
	int rw = PROT_READ | PROT_WRITE, writeonly, readonly, closed, fd;
	size_t page = page_size();
	long long mapped;

	NEED_FILE_OR_SKIP(variant->kind);
	fd = scratch_file(variant->kind, PAGES);
	ASSERT_LE(0, fd);
	writeonly = scratch_reopen(fd, O_WRONLY);
	readonly = scratch_reopen(fd, O_RDONLY);
	closed = dup(fd);
	ASSERT_LE(0, writeonly);
	ASSERT_LE(0, readonly);
	ASSERT_EQ(0, close(closed));
	/* The first reading may grow the heap. */
	status_number(0, "VmSize");
	mapped = status_number(0, "VmSize");

	CLAIM_EQ(-EINVAL, refused(0, rw, MAP_SHARED, fd, 0));
	CLAIM_EQ(-EINVAL, refused(0, rw, MAP_PRIVATE, fd, 0));
	CLAIM_EQ(-EINVAL, refused(page, rw, MAP_SHARED, fd, 1));
	CLAIM_EQ(-EINVAL, refused(page, rw, MAP_PRIVATE, fd, (off_t)page / 2));
	CLAIM_EQ(-EINVAL, refused(page, rw, MAP_SHARED, fd, 2 * (off_t)page - 1));
	CLAIM_EQ(-EINVAL, refused(page, rw, 0, fd, 0));
	CLAIM_EQ(-EBADF, refused(page, rw, MAP_SHARED, closed, 0));
	CLAIM_EQ(-EBADF, refused(page, PROT_READ, MAP_PRIVATE, closed, 0));
	CLAIM_EQ(-EBADF, refused(page, rw, MAP_SHARED, -1, 0));
	CLAIM_EQ(-EACCES, refused(page, PROT_WRITE, MAP_SHARED, writeonly, 0));
	CLAIM_EQ(-EACCES, refused(page, rw, MAP_SHARED, writeonly, 0));
	CLAIM_EQ(-EACCES, refused(page, PROT_READ, MAP_SHARED, writeonly, 0));
	CLAIM_EQ(-EACCES, refused(page, PROT_READ, MAP_PRIVATE, writeonly, 0));
	CLAIM_EQ(-EACCES, refused(page, rw, MAP_SHARED, readonly, 0));
	CLAIM_EQ(-ENOMEM, refused(SIZE_MAX & ~(page - 1), rw, MAP_SHARED, fd, 0));

	CLAIM_EQ(mapped, status_number(0, "VmSize"));
}

/* How what was stored through a mapping is written to the storage: NULL by msync(2). */
VARIANTS_ONLY(sync) {
	enum scratch_kind kind;
	int (*sync)(int fd);
	bool unmapped;		/* for so long */
};

#define SYNC(name, kind)							\
	FIXTURE_VARIANT_ADD(sync, name##_msync) { kind, NULL, false };		\
	FIXTURE_VARIANT_ADD(sync, name##_fdatasync_unmapped) { kind, fdatasync, true }
FIXTURE_VARIANT_ADD(sync, msync) { SCRATCH_HERE, NULL, false };
FIXTURE_VARIANT_ADD(sync, fsync) { SCRATCH_HERE, fsync, false };
FIXTURE_VARIANT_ADD(sync, fdatasync_unmapped) { SCRATCH_HERE, fdatasync, true };
MADE_FILES(SYNC);

QUIET_TEST_F(sync, puts_stores_on_the_storage)
{
	struct range map;
	struct peer peer;
	ssize_t direct;
	int fd;

	if (variant->kind == SCRATCH_HERE)
		NEED_OR_SKIP(STORAGE);
	FILE_OR_SKIP(fd, variant->kind, PAGES * page_size());
	ASSERT_EQ(0, map_file(&map, PAGES, MAP_SHARED, fd));
	scene_add("shared", NULL, &map);
	ASSERT_EQ(0, peer_fork(&peer));

	/* What was synced is clean: the next store has to make it dirty again. */
	for (size_t round = 0; round < 3; round++) {
		ASSERT_DONE(store(map.addr + round, 0));
		ASSERT_DONE(store(map.addr + map.len - 1 - round, 0));
		ASSERT_DONE(touch_by_syscall(page_at(&map, 2) + round, 0));
		ASSERT_DONE(touch_by_mem(page_at(&map, 3) + round, 0));
		ASSERT_DONE(store_in(&peer, page_at(&map, 5) + round, 0));
		if (variant->unmapped) {
			ASSERT_EQ(0, unmap(&map));
		}
		ASSERT_EQ(0, (variant->sync ? variant->sync(fd) :
			      msync(map.addr, map.len, MS_SYNC)) ? -errno : 0);
		if (variant->unmapped) {
			ASSERT_EQ(0, map_file(&map, PAGES, MAP_SHARED, fd));
		}
		claim_written_back(_metadata, variant->kind, fd, &map);
		direct = file_diff_direct(fd, map.len, SEED);
		if (direct != -EINVAL || variant->kind != SCRATCH_HERE) {
			CLAIM_DATA(5 * (round + 1), direct);
		}
	}
	ASSERT_EQ(0, unmap(&map));
	ASSERT_DONE(peer_exit(&peer));

	DROP_CACHE_OR_SKIP(fd, variant->kind, PAGES);
	ASSERT_EQ(0, map_file(&map, PAGES, MAP_SHARED, fd));
	for (size_t i = 0; i < PAGES; i++) {
		CLAIM_DATA(i == 1 || i == 4 || i == 6 ? 0 : 3, file_page_diff(&map, i));
	}
	CLAIM_ZEROS(map.addr, 3);
	CLAIM_ZEROS(map.addr + map.len - 3, 3);
	CLAIM_DATA(15, file_diff(fd, map.len, SEED));
}

static void claim_untouched(struct __test_metadata *_metadata, const struct range *map)
{
	struct smaps s;

	ASSERT_EQ(0, smaps_range(0, map->addr, map->len, &s));
	CLAIM_EQ(map->len, s.size);
	CLAIM_EQ(0, s.rss + s.pss + s.referenced + s.anonymous + s.swap);
	CLAIM_EQ(map->pages, pagemap_count(0, map->addr, map->pages, ~PM_SOFT_DIRTY, 0));
}

/* Fault-around may bring neighbours, so how many pages come is not claimed. */
static void claim_touch_brings(struct __test_metadata *_metadata, const struct range *map,
			       size_t page)
{
	struct smaps s;

	CLAIM_DATA(pattern_byte(page * page_size(), SEED), load(page_at(map, page)));
	CLAIM_EQ(PM_PRESENT | PM_FILE, pagemap_entry(0, page_at(map, page)) & PM_STATE);
	ASSERT_EQ(0, smaps_range(0, map->addr, map->len, &s));
	CLAIM_LE(page_size(), s.rss);
	CLAIM_EQ(0, s.anonymous);
	CLAIM_ACCOUNTS_AGREE(0, map);
}

QUIET_TEST_F(mapping, alone_maps_no_page)
{
	struct range map;
	int fd;

	FILE_OR_SKIP(fd, variant->kind, PAGES * page_size());

	ASSERT_EQ(0, map_file(&map, PAGES, variant->flags, fd));

	scene_add("only mapped", NULL, &map);
	claim_untouched(_metadata, &map);
	claim_touch_brings(_metadata, &map, 6);
}

static size_t resident(const struct range *map)
{
	size_t pages = 0;

	for (size_t i = 0; i < map->pages; i++)
		pages += memory_resident(page_at(map, i)) == 1;
	return pages;
}

/* Where the data is on a storage, mapping it reads none of it. */
VARIANTS_ONLY(stored) { enum scratch_kind kind; int flags; };
#define STORED(name, kind)	BOTH_WAYS(stored, name##_, kind)
BOTH_WAYS(stored, /* none */, SCRATCH_HERE);
MADE_FILES(STORED);

QUIET_TEST_F(stored, data_is_not_read_by_mapping_it)
{
	struct range map, readonly;
	int fd;

	if (variant->kind == SCRATCH_HERE)
		NEED_OR_SKIP(STORAGE);
	FILE_OR_SKIP(fd, variant->kind, PAGES * page_size());
	ASSERT_EQ(0, fdatasync(fd));
	DROP_CACHE_OR_SKIP(fd, variant->kind, PAGES);

	ASSERT_EQ(0, map_pages(&readonly, PAGES, PROT_READ, variant->flags, fd, 0));
	CLAIM_EQ(0, resident(&readonly));
	ASSERT_EQ(0, map_file(&map, PAGES, variant->flags, fd));

	scene_add("only mapped", NULL, &map);
	CLAIM_EQ(0, resident(&map));
	claim_untouched(_metadata, &map);
	CLAIM_EQ(0, resident(&map));
	claim_touch_brings(_metadata, &map, 6);
	CLAIM_EQ(1, memory_resident(page_at(&map, 6)));
	CLAIM_DATA(0, mapping_diff(&map));
}

/* Where memory is all the storage there is, reading a hole would fill it. */
VARIANTS_ONLY(hole) { enum scratch_kind kind; int flags; };
#define HOLE(name, kind)	BOTH_WAYS(hole, name##_, kind)
MEMORY_FILES(HOLE);

QUIET_TEST_F(hole, is_not_filled_by_mapping_it)
{
	struct range map;
	struct stat st;
	int fd;

	NEED_FILE_OR_SKIP(variant->kind);
	fd = scratch_file(variant->kind, PAGES);
	ASSERT_LE(0, fd);

	ASSERT_EQ(0, map_file(&map, PAGES, variant->flags, fd));

	scene_add("only mapped", NULL, &map);
	claim_untouched(_metadata, &map);
	CLAIM_EQ(0, resident(&map));
	ASSERT_EQ(0, fstat(fd, &st));
	CLAIM_EQ(0, st.st_blocks);
}

/*
 * After fork: whose pages, named by their digits, are copies; the rest are the
 * page cache's.  Copies of both are one frame until one side writes.
 */
static void claim_frames_after_fork(struct __test_metadata *_metadata, struct views *v,
				    const char *own, const char *peers, const char *both)
{
	uint64_t cache[PAGES], mine[PAGES], theirs[PAGES], count;

	ASSERT_DONE(load_all_in(NULL, &v->shared));
	ASSERT_EQ(0, pagemap_read(0, v->shared.addr, PAGES, cache));
	ASSERT_EQ(0, pagemap_read(0, v->private.addr, PAGES, mine));
	ASSERT_EQ(0, pagemap_read(v->peer.pid, v->private.addr, PAGES, theirs));
	for (size_t i = 0; i < PAGES; i++) {
		bool copied = strchr(own, '0' + (int)i), theirs_too = strchr(peers, '0' + (int)i);
		bool one_frame = strchr(both, '0' + (int)i);

		CLAIM_NE(0, pm_pfn(cache[i]));
		CLAIM_EQ(!copied, pm_pfn(mine[i]) == pm_pfn(cache[i]));
		CLAIM_EQ(!theirs_too, pm_pfn(theirs[i]) == pm_pfn(cache[i]));
		CLAIM_EQ(!copied, !!(mine[i] & PM_FILE));
		CLAIM_EQ(!theirs_too, !!(theirs[i] & PM_FILE));
		if (!copied)
			continue;
		CLAIM_EQ(one_frame, pm_pfn(mine[i]) == pm_pfn(theirs[i]));
		ASSERT_EQ(0, kpage_count(pm_pfn(mine[i]), &count));
		CLAIM_EQ(one_frame ? 2 : 1, count);
		CLAIM_EQ(!one_frame, !!(mine[i] & PM_EXCLUSIVE));
		if (theirs_too) {
			CLAIM_EQ(!one_frame, !!(theirs[i] & PM_EXCLUSIVE));
		}
	}
}

/* @frames: claim also which they are, which takes privilege. */
static void claim_copies_across_fork(struct __test_metadata *_metadata, struct views *v,
				     bool frames)
{
	const struct range *map = &v->private;
	size_t page = page_size();
	struct smaps s;

	ASSERT_DONE(peer_exit(&v->peer));
	ASSERT_DONE(load_all_in(NULL, map));
	for (size_t i = 1; i < 4; i++) {
		ASSERT_DONE(store(page_at(map, i) + i, 0));
	}
	ASSERT_EQ(0, peer_fork(&v->peer));

	ASSERT_DONE(load_all_in(&v->peer, map));
	if (frames)
		claim_frames_after_fork(_metadata, v, "123", "123", "123");
	CLAIM_DATA(3, diff_in(&v->peer, map->addr, map->len, SEED));
	ASSERT_EQ(0, smaps_range(v->peer.pid, map->addr, map->len, &s));
	CLAIM_EQ(map->len, s.rss);
	CLAIM_EQ(3 * page, s.anonymous);
	CLAIM_ACCOUNTS_AGREE(v->peer.pid, map);

	/* The peer: a copy and a page of the file.  Its parent: one each, too. */
	ASSERT_DONE(store_in(&v->peer, page_at(map, 2) + 9, 0));
	ASSERT_DONE(store_in(&v->peer, page_at(map, 5) + 9, 0));
	if (frames)
		claim_frames_after_fork(_metadata, v, "123", "1235", "13");
	CLAIM_DATA(3, mapping_diff(map));
	ASSERT_DONE(store(page_at(map, 3) + 11, 0));
	ASSERT_DONE(store(page_at(map, 6) + 11, 0));
	if (frames)
		claim_frames_after_fork(_metadata, v, "1236", "1235", "1");
	CLAIM_DATA(5, mapping_diff(map));
	CLAIM_DATA(5, diff_in(&v->peer, map->addr, map->len, SEED));
	CLAIM_DATA(0, load_in(&v->peer, page_at(map, 2) + 9));
	CLAIM_DATA(0, load(page_at(map, 3) + 11));
	CLAIM_DATA(0, mapping_diff(&v->shared));
	CLAIM_DATA(0, file_diff(v->fd, v->shared.len, SEED));
	ASSERT_EQ(0, smaps_range(v->peer.pid, map->addr, map->len, &s));
	CLAIM_EQ(4 * page, s.anonymous);
	CLAIM_ACCOUNTS_AGREE(0, map);

	/* Pages that nobody copied still follow the file. */
	ASSERT_DONE(store(page_at(&v->shared, 7), 0));
	CLAIM_DATA(0, load(page_at(map, 7)));
	CLAIM_DATA(0, load_in(&v->peer, page_at(map, 7)));
}

QUIET_TEST_F(file, fork_shares_copies_until_written_and_the_cache_for_good)
{
	struct views v;

	VIEWS_OR_SKIP(&v, variant->kind);
	claim_copies_across_fork(_metadata, &v, false);
}

QUIET_TEST_F(file, fork_shares_the_frames_of_copies_and_the_cache)
{
	struct views v;

	VIEWS_OR_SKIP(&v, variant->kind);
	NEED_OR_SKIP(KPAGE);
	claim_copies_across_fork(_metadata, &v, true);
}

QUIET_TEST_F(file, forced_write_makes_a_copy_and_leaves_the_file)
{
	struct views v;

	scene_history("CVE-2016-5195, 19be0eaffa3a: forced writes that went to the file");
	NEED_FILE_OR_SKIP(variant->kind);
	NEED_OR_SKIP(FORCE);
	ASSERT_EQ(0, views_open(&v, variant->kind, PROT_READ));

	ASSERT_DONE(touch_by_mem(page_at(&v.private, 5) + byte_of(5), 0));
	ASSERT_DONE(load_all_in(NULL, &v.private));
	ASSERT_DONE(touch_by_mem(page_at(&v.private, 0), 0));
	ASSERT_DONE(touch_by_mem(page_at(&v.private, 7) + byte_of(7), 0));

	claim_copied(_metadata, &v.private, "057");
	CLAIM_DATA(FAULTED(SIGSEGV), store(page_at(&v.private, 5), 0));
	CLAIM_DATA(FAULTED(SIGSEGV), store(page_at(&v.private, 6), 0));
	CLAIM_DATA(3, mapping_diff(&v.private));
	claim_others_differ(_metadata, &v, 0);
	CLAIM_ACCOUNTS_AGREE(0, &v.private);
}

QUIET_TEST_F(file, debuggers_write_makes_a_copy_and_leaves_the_file)
{
	struct views v;

	scene_history("CVE-2016-5195, 19be0eaffa3a: forced writes that went to the file");
	NEED_FILE_OR_SKIP(variant->kind);
	NEED_OR_SKIP(PTRACE);
	ASSERT_EQ(0, views_open(&v, variant->kind, PROT_READ));
	ASSERT_ANSWER(load_in(&v.peer, page_at(&v.private, 2)));

	ASSERT_DONE(trace_poke(v.peer.pid, page_at(&v.private, 2) + 9, 0));
	ASSERT_DONE(trace_poke(v.peer.pid, page_at(&v.private, 6) + byte_of(6), 0));

	CLAIM_DATA(0, load_in(&v.peer, page_at(&v.private, 2) + 9));
	CLAIM_DATA(2, diff_in(&v.peer, v.private.addr, v.private.len, SEED));
	CLAIM_DATA(FAULTED(SIGSEGV), store_in(&v.peer, page_at(&v.private, 2), 0));
	CLAIM_DATA(0, mapping_diff(&v.private));
	CLAIM_DATA(0, file_diff(v.fd, v.private.len, SEED));
	CLAIM_ACCOUNTS_AGREE(v.peer.pid, &v.private);
}

QUIET_TEST_F(file, forced_write_to_a_shared_mapping_is_refused)
{
	struct range map;
	int fd;

	FILE_OR_SKIP(fd, variant->kind, PAGES * page_size());
	ASSERT_EQ(0, map_pages(&map, PAGES, PROT_READ, MAP_SHARED, fd, 0));
	scene_add("shared, read-only", NULL, &map);

	CLAIM_DATA(true, touch_by_mem(page_at(&map, 5), 0) < 0);
	ASSERT_DONE(load_all_in(NULL, &map));
	CLAIM_DATA(true, touch_by_mem(page_at(&map, 5), 0) < 0);
	CLAIM_DATA(true, touch_by_mem(page_at(&map, 0), 0) < 0);

	CLAIM_DATA(0, mapping_diff(&map));
	CLAIM_DATA(0, file_diff(fd, map.len, SEED));
	CLAIM_EQ(PAGES, pagemap_count(0, map.addr, PAGES, PM_STATE, PM_PRESENT | PM_FILE));
}

/* So many writes have to meet a copy being dropped, and may take so long to. */
#define RACES		200
#define RACES_MOST_MS	900

/* In memory that both sides of a race share. */
struct race { unsigned long drops; bool over; };

static long do_dontneed(void *addr, size_t len, long shared)
{
	struct race *race = (struct race *)shared;
	long long deadline = patience_until(2 * RACES_MOST_MS);

	if (leave_cpu())
		return -EBUSY;
	while (!__atomic_load_n(&race->over, __ATOMIC_RELAXED) && patience_now() < deadline) {
		if (madvise(addr, len, MADV_DONTNEED))
			return -errno;
		__atomic_add_fetch(&race->drops, 1, __ATOMIC_RELAXED);
	}
	return 0;
}

/* Writes for so long, or until enough of it raced; returns how many writes did. */
static long race_for(int ms, struct race *race, int mem, const void *addr)
{
	long long start = patience_now();
	long raced = 0;

	do {
		for (int i = 0; i < 64; i++) {
			unsigned long drops = __atomic_load_n(&race->drops, __ATOMIC_RELAXED);

			if (pwrite(mem, "", 1, (off_t)(uintptr_t)addr) != 1)
				return -EIO;
			raced += __atomic_load_n(&race->drops, __ATOMIC_RELAXED) != drops;
		}
	} while (patience_now() < start + (raced < RACES ? RACES_MOST_MS : ms));
	__atomic_store_n(&race->over, true, __ATOMIC_RELAXED);
	return raced;
}

QUIET_TEST_F(file, forced_writes_never_reach_the_file_while_copies_are_dropped)
{
	/* Of racing, by the clock; on others it is the same code that races. */
	int mem, ms = variant->kind < SCRATCH_MEMFD ? 10 : 5;
	struct range shared, closed;
	struct views v;
	long raced;

	NEED_FILE_OR_SKIP(variant->kind);
	NEED_OR_SKIP(CPUS);
	scene_history("CVE-2016-5195, 19be0eaffa3a; CVE-2022-2590, 5535be309971");
	ASSERT_EQ(0, pin_to_cpu());
	ASSERT_EQ(0, map_shared(&shared, 1));
	ASSERT_EQ(0, map_pages(&closed, 1, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
	ASSERT_EQ(0, views_open(&v, variant->kind, PROT_READ));
	if (!need_met(NEED_FORCE)) {
		NEED_OR_SKIP(PTRACE);
		ASSERT_EQ(0, trace_attach(v.peer.pid));
	}
	mem = procfs_open(v.peer.pid, "mem", O_RDWR);
	if (mem < 0)
		NEED_OR_SKIP(PTRACE);
	ASSERT_LE(0, mem);
	if (!mem_forces(v.peer.pid, closed.addr))
		NEED_OR_SKIP(FORCE);

	/* What is to race has an effect where nothing does. */
	ASSERT_EQ(1, pwrite(mem, "", 1, (off_t)(uintptr_t)v.private.addr));
	CLAIM_DATA(0, load_in(&v.peer, v.private.addr));
	ASSERT_EQ(0, peer_start(&v.peer, do_dontneed, v.private.addr, page_size(),
				(long)shared.addr));
	raced = race_for(ms, (struct race *)shared.addr, mem, v.private.addr);
	ASSERT_DONE(peer_finish(&v.peer));

	ASSERT_ANSWER(raced);
	ASSERT_DONE(madvise_in(&v.peer, v.private.addr, v.private.len, MADV_DONTNEED));
	claim_others_differ(_metadata, &v, 0);
	CLAIM_DATA(0, mapping_diff(&v.private));
	if (raced < RACES && !file_diff(v.fd, v.shared.len, SEED))
		SKIP(return, "inconclusive: hardly a write met a drop");
}

int main(int argc, char **argv)
{
	program_begin(argc, argv);
	provide_filesystems();
	return test_harness_run(argc, argv);
}
