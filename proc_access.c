// SPDX-License-Identifier: GPL-2.0
/*
 * The files of /proc that tell of memory: who may open them, what they tell to
 * whom, how they may be read, and what those tell that know frames.
 *
 * Behaviour: proc(5), capabilities(7), admin-guide/mm/pagemap.rst.
 */
#include <fcntl.h>
#include <linux/capability.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "claim/harness.h"
#include "act/pageout.h"
#include "act/privilege.h"
#include "borrow/thp.h"
#include "claim/accounts.h"
#include "claim/case.h"
#include "claim/states.h"
#include "observe/kpage.h"
#include "observe/privilege.h"
#include "observe/procfs.h"

#define PAGES	BOARD_PAGES

VARIANTS_OF_SWAPPABLE(memory);
FIXTURE_VARIANT_ADD(memory, dev_zero)	{ .how = SHARE_DEV_ZERO };
FIXTURE_VARIANT_ADD(memory, sysv)	{ .how = SHARE_SYSV };

/* ---- without privilege ---- */

enum who { NOBODY_AT_ALL, ROOT_OF_A_NAMESPACE };

VARIANTS_ONLY(unprivileged) { enum who who; enum sharing how; };
FIXTURE_VARIANT_ADD(unprivileged, nobody_private)	{ NOBODY_AT_ALL, SHARE_NOT };
FIXTURE_VARIANT_ADD(unprivileged, nobody_shared)	{ NOBODY_AT_ALL, SHARE_ANONYMOUS };
FIXTURE_VARIANT_ADD(unprivileged, namespace_private)	{ ROOT_OF_A_NAMESPACE, SHARE_NOT };
FIXTURE_VARIANT_ADD(unprivileged, namespace_shared)	{ ROOT_OF_A_NAMESPACE, SHARE_ANONYMOUS };

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
static const char *hidden_amiss(const struct range *map, const uint64_t *before)
{
	static char amiss[PAGES + 1];
	uint64_t after[PAGES];

	if (pagemap_read(0, map->addr, map->pages, after))
		return "unreadable";
	memset(amiss, 0, sizeof(amiss));
	for (size_t i = 0; i < map->pages; i++)
		amiss[i] = after[i] & PM_PFN_MASK ? '!' :
			   after[i] != (before[i] & ~PM_PFN_MASK) ? '?' : '-';
	return strspn(amiss, "-") == map->pages ? "" : amiss;
}

QUIET_TEST_F(unprivileged, states_are_seen_but_no_frames)
{
	uint64_t before[PAGES];
	struct range map;

	scene_history("ab676b7d6fbf: page frame numbers are for CAP_SYS_ADMIN");
	NEED_ONE_OR_SKIP(need_to_become(variant->who));
	ASSERT_EQ(0, map_sharing(&map, PAGES, variant->how));
	scene_add("half of it present", NULL, &map);
	for (size_t i = 0; i < PAGES; i += 2)
		fill_page(&map, i);
	if (variant->how == SHARE_NOT) {
		for (size_t i = 1; i < PAGES; i += 4) {
			CLAIM_DATA(0, load(page_at(&map, i)));
		}
	}
	ASSERT_EQ(0, pagemap_read(0, map.addr, PAGES, before));

	ASSERT_EQ(0, become(variant->who));

	CLAIM_STREQ("", hidden_amiss(&map, before));
	CLAIM_EQ(PAGES / 2, pagemap_count(0, map.addr, PAGES, PM_ALL_STATE,
					  entry_of(variant->how != SHARE_NOT, 'P')));
	CLAIM_ACCOUNTS_AGREE(0, &map);
}

QUIET_TEST_F(unprivileged, states_are_seen_but_no_slots)
{
	uint64_t before[PAGES];
	struct range map;

	scene_history("ab676b7d6fbf: page frame numbers are for CAP_SYS_ADMIN");
	NEED_OR_SKIP(SWAP);
	NEED_ONE_OR_SKIP(need_to_become(variant->who));
	ASSERT_EQ(0, map_in_states(&map, variant->how, "checkers", CHECKERS));
	ASSERT_EQ(0, pagemap_read(0, map.addr, PAGES, before));

	ASSERT_EQ(0, become(variant->who));

	CLAIM_STREQ("", hidden_amiss(&map, before));
	CLAIM_STATES(CHECKERS, &map, variant->how != SHARE_NOT);
	CLAIM_ACCOUNTS_AGREE(0, &map);
	CLAIM_DATA(0, states_diff(&map, CHECKERS));
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
	ASSERT_DONE(store(map.addr, 1));
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
static const char *refusal_amiss(const char *name, long err)
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
		CLAIM_STREQ("", refusal_amiss(paths[i], try_open(paths[i], O_RDONLY)));
		CLAIM_STREQ("", refusal_amiss(paths[i], try_open(paths[i], O_RDWR)));
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
	if (variant->same_user) {
		ASSERT_DONE(peer_call(&target, do_become_nobody, NULL, 0, 1));
	}
	ASSERT_DONE(peer_call(&stranger, do_become_nobody, NULL, 0, 0));

	for (size_t i = 0; i < ARRAY_SIZE(foreign_files); i++) {
		const char *name = foreign_files[i].name;
		long own = peer_call(&stranger, do_look_at, NULL, i, 0), theirs;

		if (own == -ENOENT)	/* not in this kernel */
			continue;
		/* One's own can be looked at: that refusals mean something. */
		CLAIM_STREQ("", own ? name : "");
		if (variant->same_user && foreign_files[i].owner_may)
			continue;
		theirs = peer_call(&stranger, do_look_at, NULL, i, target.pid);
		CLAIM_STREQ("", refusal_amiss(name, theirs));
	}
	CLAIM_DATA(0, peer_exit(&target));
	CLAIM_DATA(0, peer_exit(&stranger));
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
	if (end <= UINTPTR_MAX / page_size()) {
		CLAIM_EQ(MAP_FAILED, mmap((void *)(uintptr_t)(end * page_size()), page_size(),
					  PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS |
					  MAP_FIXED_NOREPLACE, -1, 0));
	}
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

	/* So many frames: some are others in a moment, where pages are migrated. */
	attempt_struck_by(MIGRATED);
	ASSERT_EQ(0, map_patchwork(&map, pages));
	one = calloc(pages, sizeof(*one));
	many = calloc(pages, sizeof(*many));
	fd = procfs_open(0, "pagemap", O_RDONLY);
	ASSERT_LE(0, fd);
	for (size_t i = 0; i < pages; i++)
		one[i] = pagemap_entry(0, page_at(&map, i));
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
	for (size_t i = pages / 2 - 3; i < pages / 2 + 4; i++) {
		CLAIM_EQ(0, one[i]);
	}
	CLAIM_EQ(PM_PRESENT, one[0] & (PM_PRESENT | PM_SWAP));
}

QUIET_TEST(reads_of_a_huge_page_agree_wherever_they_begin)
{
	uint64_t *whole, *part;
	struct range map;
	size_t wrong = 0;

	scene_history("3f9f022e975d, 2c1f057e5be6: pagemap bits of what a PMD maps");
	/* All that tells the pages of one apart. */
	NEED_OR_SKIP(PFN);
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
}

/* ---- frames: who maps them, and what they are ---- */

/* How many pages of a mapping lie in frames that are mapped a number of times. */
static size_t mapped_times(pid_t pid, const struct range *map, uint64_t times)
{
	uint64_t exclusive = times == 1 ? PM_EXCLUSIVE : 0;
	size_t pages = 0;

	for (size_t i = 0; i < map->pages; i++) {
		uint64_t entry = pagemap_entry(pid, page_at(map, i)), count;

		if (entry & PM_PRESENT && pm_pfn(entry) && !kpage_count(pm_pfn(entry), &count) &&
		    count == times && (entry & PM_EXCLUSIVE) == exclusive)
			pages++;
	}
	return pages;
}

QUIET_TEST_F(memory, kpagecount_is_the_number_of_mappings)
{
	struct peer child, grandchild, second;
	size_t pages = 8, page = page_size();
	struct range map, twice;

	NEED_OR_SKIP(KPAGE);
	NEED_SHARING_OR_SKIP(variant->how);
	ASSERT_EQ(0, map_sharing(&map, pages, variant->how));
	scene_add("parent", NULL, &map);
	fill_pages(&map);
	CLAIM_EQ(pages, mapped_times(0, &map, 1));

	/* One process may map a page of an object twice. */
	if (variant->how != SHARE_NOT) {
		ASSERT_EQ(0, map_duplicate(&twice, &map));
		CLAIM_DATA(0, states_diff(&twice, "PPPPPPPP"));
		CLAIM_EQ(pages, mapped_times(0, &map, 2));
		CLAIM_EQ(pages, mapped_times(0, &twice, 2));
		CLAIM_EQ(pagemap_entry(0, map.addr), pagemap_entry(0, twice.addr));
		ASSERT_EQ(0, unmap(&twice));
		CLAIM_EQ(pages, mapped_times(0, &map, 1));
	}

	/* fork() leaves it to faults to map shared memory in a child. */
	ASSERT_EQ(0, peer_fork(&child));
	scene_add("child", &child, &map);
	CLAIM_DATA(0, diff_in(&child, map.addr, page, 1));
	for (size_t i = 1; i < pages; i++) {
		ASSERT_ANSWER(load_in(&child, page_at(&map, i)));
	}
	CLAIM_EQ(pages, mapped_times(0, &map, 2));
	CLAIM_EQ(pages, mapped_times(child.pid, &map, 2));

	ASSERT_DONE(peer_fork_from(&child, &grandchild));
	ASSERT_EQ(0, peer_fork(&second));
	for (size_t i = 0; i < pages; i++) {
		ASSERT_ANSWER(load_in(&grandchild, page_at(&map, i)));
		ASSERT_ANSWER(load_in(&second, page_at(&map, i)));
	}
	CLAIM_EQ(pages, mapped_times(0, &map, 4));
	CLAIM_EQ(pages, mapped_times(grandchild.pid, &map, 4));

	CLAIM_DATA(0, peer_exit(&child));
	CLAIM_EQ(pages, mapped_times(0, &map, 3));
	CLAIM_DATA(0, munmap_in(&second, map.addr, map.len));
	CLAIM_EQ(pages, mapped_times(0, &map, 2));
	CLAIM_EQ(pages, mapped_times(grandchild.pid, &map, 2));
	CLAIM_DATA(0, madvise_in(&grandchild, page_at(&map, 2), 3 * page, MADV_DONTNEED));
	CLAIM_EQ(3, mapped_times(0, &map, 1));
	CLAIM_EQ(pages - 3, mapped_times(0, &map, 2));
	CLAIM_DATA(0, peer_exit(&grandchild));
	CLAIM_EQ(pages, mapped_times(0, &map, 1));
	CLAIM_DATA(0, peer_exit(&second));
}

/* On an LRU list as soon as the batch of this CPU has been seen to. */
QUIET_TEST_F(memory, kpageflags_tell_what_a_page_is)
{
	uint64_t flags, want = KPF(LRU) | KPF(MMAP) | KPF(SWAPBACKED);
	size_t pages = 16;
	struct range map;

	NEED_OR_SKIP(KPAGE);
	NEED_SHARING_OR_SKIP(variant->how);
	if (variant->how == SHARE_NOT)
		want |= KPF(ANON);
	ASSERT_EQ(0, pin_to_cpu());
	ASSERT_EQ(0, map_sharing(&map, pages, variant->how));
	scene_add("touched", NULL, &map);
	fill_pages(&map);
	ASSERT_EQ(0, lru_drain());

	for (size_t i = 0; i < pages; i++) {
		uint64_t pfn = pm_pfn(pagemap_entry(0, page_at(&map, i)));

		ASSERT_NE(0, pfn);
		ASSERT_EQ(0, kpage_flags(pfn, &flags));
		CLAIM_EQ(want, flags & KPF_WHAT);
		CLAIM_EQ(KPF(UPTODATE), flags & (KPF(UPTODATE) | KPF(ERROR)));
	}
}

int main(int argc, char **argv)
{
	program_begin(argc, argv);
	provide_swap_and_stay();
	return test_harness_run(argc, argv);
}
