// SPDX-License-Identifier: GPL-2.0
/*
 * Shared anonymous memory is one object: whoever maps it sees every store,
 * it is never copied, and the kernel counts it as shared memory and page
 * cache, not as anonymous memory.
 *
 * Behaviour: mmap(2), madvise(2), mremap(2), zero(4), memfd_create(2),
 * shmget(2), filesystems/proc.rst (maps, smaps, meminfo),
 * admin-guide/mm/pagemap.rst.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sched.h>
#include <sys/stat.h>

#include "claim/harness.h"
#include "act/pageout.h"
#include "act/sharing.h"
#include "act/touch.h"
#include "borrow/cgroup.h"
#include "borrow/scratch.h"
#include "claim/accounts.h"
#include "claim/case.h"
#include "claim/object.h"
#include "claim/system.h"
#include "observe/kpage.h"
#include "observe/object.h"
#include "observe/patience.h"
#include "observe/status.h"

#define PAGES	16	/* of an object; a page-table boundary is in the middle */

/* The ways to shared memory lead to one and the same kind of object. */
#define EVERY_SHARING(ADD)							\
	ADD(anonymous, SHARE_ANONYMOUS); ADD(memfd, SHARE_MEMFD);		\
	ADD(dev_zero, SHARE_DEV_ZERO); ADD(sysv, SHARE_SYSV)

VARIANTS_ONLY(object) { enum sharing how; };
#define OBJECT(name, how)	FIXTURE_VARIANT_ADD(object, name) { how }
EVERY_SHARING(OBJECT);

/* The same, and who of the two processes is the first to write. */
VARIANTS_ONLY(writer) { enum sharing how; bool child; };
#define WRITER(name, how)							\
	FIXTURE_VARIANT_ADD(writer, name##_parent) { how, false };		\
	FIXTURE_VARIANT_ADD(writer, name##_child) { how, true }
EVERY_SHARING(WRITER);

static ssize_t present(struct peer *who, const struct range *map)
{
	return pagemap_count(pid_of(who), map->addr, map->pages, PM_STATE,
			     PM_PRESENT | PM_FILE);
}

static size_t pss(struct peer *who, const struct range *map)
{
	return smaps_amount(pid_of(who), map->addr, map->len, pss);
}

/* Each of the pages gets a byte, at a place of its own. */
static long do_touch_pages(void *addr, size_t len, long arg)
{
	(void)arg;
	for (size_t i = 0; i < len / page_size(); i++)
		((volatile char *)addr)[i * page_size() + i % page_size()] = (char)(i | 1);
	return 0;
}

static int touch_pages_in(struct peer *who, const struct range *map)
{
	return (int)run_in(who, do_touch_pages, map->addr, map->len, 0);
}

/* Each of the pages is read, and nothing else done. */
static size_t read_pages(const struct range *map)
{
	size_t sum = 0;

	for (size_t i = 0; i < map->pages; i++)
		sum += *(volatile uint8_t *)page_at(map, i);
	return sum;
}

static long do_place(void *addr, size_t len, long how)
{
	return sharing_place((enum sharing)how, addr, len);
}

static int fork_child(struct peer *child, const struct range *map)
{
	int ret = peer_fork(child);

	scene_add("parent", NULL, map);
	if (!ret)
		scene_add("child", child, map);
	return ret;
}

/* A new object, of which @filled pages hold pattern 1, and a child that has it, too. */
static int share_with_child(struct range *map, struct peer *child, enum sharing how,
			    size_t filled)
{
	int ret = map_sharing(map, PAGES, how);

	if (ret)
		return ret;
	pattern_fill(map->addr, filled * page_size(), 1);
	return fork_child(child, map);
}

#define SHARE_OR_SKIP(map, child, how, filled)					\
	do {									\
		NEED_SHARING_OR_SKIP(how);					\
		ASSERT_DONE(share_with_child(map, child, how, filled));	\
	} while (0)

QUIET_TEST_F(writer, a_store_on_one_side_is_what_the_other_reads)
{
	struct peer child, *first = variant->child ? &child : NULL;
	struct peer *second = variant->child ? NULL : &child;
	struct range map;

	SHARE_OR_SKIP(&map, &child, variant->how, 0);

	for (size_t i = 0; i < PAGES; i++) {
		char *addr = page_at(&map, i) + 7 * i;

		CLAIM_DATA(0, store_in(first, addr, 42));
		CLAIM_DATA(42, load_in(second, addr));
		CLAIM_DATA(0, store_in(second, addr, 100));
		CLAIM_DATA(100, load_in(first, addr));
	}
	CLAIM_OBJECT(&map, NULL, &child);
}

QUIET_TEST_F(object, starts_zero_filled_for_everybody)
{
	struct range map, dirt;
	struct peer child;

	ASSERT_EQ(0, map_private(&dirt, 2 * PAGES));
	memset(dirt.addr, 0xa5, dirt.len);
	ASSERT_EQ(0, unmap(&dirt));
	SHARE_OR_SKIP(&map, &child, variant->how, 0);

	CLAIM_ZEROS(map.addr, map.len / 2);
	CLAIM_DATA(1, all_zero_in(&child, map.addr, map.len));
	CLAIM_ZEROS(map.addr, map.len);

	/* Unlike private memory there are pages now, and not the zero page. */
	CLAIM_EQ(PAGES, present(NULL, &map));
	CLAIM_EQ(PAGES, present(&child, &map));
	CLAIM_OBJECT(&map, NULL, &child);

	for (size_t i = 0; i < PAGES; i++) {
		size_t at = (i * 97 + 5) % page_size();

		ASSERT_DONE(store(page_at(&map, i) + at, 'x'));
		CLAIM_ZEROS(page_at(&map, i), at);
		CLAIM_ZEROS(page_at(&map, i) + at + 1, page_size() - at - 1);
		CLAIM_DATA('x', load_in(&child, page_at(&map, i) + at));
	}
}

QUIET_TEST_F(writer, every_byte_goes_both_ways)
{
	struct peer child, *first = variant->child ? &child : NULL;
	struct peer *second = variant->child ? NULL : &child;
	struct range map;
	size_t half;

	SHARE_OR_SKIP(&map, &child, variant->how, PAGES / 2);
	half = map.len / 2;

	/* What was written before the fork, and what nobody touched until after. */
	CLAIM_DATA(0, diff_in(&child, map.addr, half, 1));
	ASSERT_DONE(fill_in(first, map.addr + half, half, 2));
	CLAIM_DATA(0, diff_in(second, map.addr + half, half, 2));
	CLAIM_DATA(0, diff_in(second, map.addr, half, 1));

	ASSERT_DONE(fill_in(second, map.addr, map.len, 3));
	CLAIM_DATA(0, diff_in(first, map.addr, map.len, 3));
	ASSERT_DONE(fill_in(first, map.addr, map.len, 4));
	CLAIM_DATA(0, diff_in(second, map.addr, map.len, 4));
	CLAIM_DATA(0, diff_in(first, map.addr, map.len, 4));
	CLAIM_EQ(PAGES, present(NULL, &map));
	CLAIM_EQ(PAGES, present(&child, &map));
	CLAIM_OBJECT(&map, NULL, &child);
}

QUIET_TEST_F(object, a_system_call_stores_for_everybody)
{
	struct range map;
	struct peer child;

	SHARE_OR_SKIP(&map, &child, variant->how, 0);

	for (size_t i = 0; i < PAGES; i++) {
		char *addr = page_at(&map, i) + page_size() - 1;
		touch_fn touch = i & 1 ? touch_by_mem : touch_by_syscall;

		ASSERT_DONE(touch(addr, (uint8_t)(i + 1)));
		CLAIM_DATA((int)i + 1, load_in(&child, addr));
		CLAIM_DATA((int)i + 1, load(addr));
	}
	CLAIM_OBJECT(&map, NULL, &child);
}

QUIET_TEST_F(writer, both_sides_map_the_same_frames)
{
	struct peer child, *first = variant->child ? &child : NULL;
	struct peer *second = variant->child ? NULL : &child;
	uint64_t before[PAGES], after[PAGES];
	struct range map;

	NEED_OR_SKIP(KPAGE);
	NEED_SHARING_OR_SKIP(variant->how);
	ASSERT_EQ(0, map_sharing(&map, PAGES, variant->how));
	pattern_fill(map.addr, map.len, 1);
	ASSERT_EQ(0, pagemap_read(0, map.addr, PAGES, before));
	CLAIM_OBJECT(&map, NULL);
	ASSERT_EQ(0, fork_child(&child, &map));
	CLAIM_OBJECT(&map, NULL, &child);
	/* The child comes to half of them by loads, and to the other half by stores. */
	CLAIM_DATA(0, diff_in(&child, map.addr, map.len / 2, 1));
	CLAIM_OBJECT(&map, NULL, &child);

	ASSERT_DONE(fill_in(first, map.addr, map.len, 2));
	CLAIM_OBJECT(&map, NULL, &child);
	ASSERT_DONE(fill_in(second, map.addr, map.len, 3));
	CLAIM_OBJECT(&map, NULL, &child);

	for (int side = 0; side < 2; side++) {
		ASSERT_EQ(0, pagemap_read(side ? child.pid : 0, map.addr, PAGES, after));
		for (size_t i = 0; i < PAGES; i++) {
			CLAIM_NE(0, pm_pfn(after[i]));
			CLAIM_EQ(pm_pfn(before[i]), pm_pfn(after[i]));
			CLAIM_EQ(0, after[i] & PM_EXCLUSIVE);
		}
	}
}

/* A page of the stack, of private and of shared memory, side by side. */
enum { STACK, PRIVATE, SHARED, NR_SORTS };

#define IDENTITY	(KPF(ANON) | KPF(MMAP) | KPF(SWAPBACKED) | KPF(ZERO_PAGE))
#define ANONYMOUS_PAGE	(KPF(ANON) | KPF(MMAP) | KPF(SWAPBACKED))
#define SHARED_PAGE	(KPF(MMAP) | KPF(SWAPBACKED))

/* What the kernel says one page is, to one process. */
struct identity {
	uint64_t state;		/* PM_* */
	uint64_t pfn;
	uint64_t flags;		/* KPF_*, of IDENTITY */
	uint64_t mapcount;
};

static struct identity identity(struct peer *who, const void *addr)
{
	uint64_t entry = pagemap_entry(pid_of(who), addr);
	struct identity id = { .state = entry & (PM_STATE | PM_EXCLUSIVE), .pfn = pm_pfn(entry) };

	if (kpage_flags(id.pfn, &id.flags) || kpage_count(id.pfn, &id.mapcount))
		id.flags = ~0ULL;
	id.flags &= IDENTITY;
	return id;
}

/* Base pages of the stack, deeper than what is called next will reach. */
static char *stack_page(char *room, size_t len)
{
	size_t page = page_size();
	char *addr = (char *)(((uintptr_t)room + page - 1) / page * page);

	memset(room, 0, len);
	madvise(addr, page, MADV_NOHUGEPAGE);
	madvise(addr, page, MADV_DONTNEED);
	store(addr, 1);
	return addr;
}

QUIET_TEST_F(object, page_identity_beside_stack_and_private_pages)
{
	size_t room = 2 * page_size();
	char *stack = alloca(room), *addr[NR_SORTS];
	struct range private, shared;
	struct identity before[NR_SORTS], id;
	struct peer child;

	scene_history("3f9f022e975d: the bit for files; da7f31ed0f4d: the exclusive bit");
	NEED_OR_SKIP(KPAGE);
	NEED_SHARING_OR_SKIP(variant->how);
	ASSERT_EQ(0, map_private(&private, 1));
	ASSERT_EQ(0, map_sharing(&shared, 1, variant->how));
	addr[STACK] = stack_page(stack, room);
	addr[PRIVATE] = private.addr;
	addr[SHARED] = shared.addr;
	CLAIM_EQ(0, pagemap_entry(0, shared.addr) & PM_STATE);

	for (int i = 0; i < NR_SORTS; i++) {
		ASSERT_DONE(store(addr[i], 1));
		before[i] = identity(NULL, addr[i]);
		CLAIM_NE(0, before[i].pfn);
		CLAIM_EQ(i == SHARED ? SHARED_PAGE : ANONYMOUS_PAGE, before[i].flags);
		CLAIM_EQ(PM_PRESENT | PM_EXCLUSIVE | (i == SHARED ? PM_FILE : 0),
			 before[i].state);
		CLAIM_EQ(1, before[i].mapcount);
	}

	ASSERT_EQ(0, peer_fork(&child));
	scene_add("parent's shared", NULL, &shared);
	scene_add("child's shared", &child, &shared);
	for (int i = 0; i < NR_SORTS; i++) {
		CLAIM_DATA(1, load_in(&child, addr[i]));
		id = identity(&child, addr[i]);
		CLAIM_EQ(before[i].pfn, id.pfn);
		CLAIM_EQ(before[i].flags, id.flags);
		CLAIM_EQ(before[i].state & ~PM_EXCLUSIVE, id.state);
		CLAIM_EQ(2, id.mapcount);
	}

	for (int i = 0; i < NR_SORTS; i++) {
		ASSERT_DONE(store_in(&child, addr[i], 2));
		for (int own = 0; own < 2; own++) {
			id = identity(own ? NULL : &child, addr[i]);
			CLAIM_EQ(own || i == SHARED, id.pfn == before[i].pfn);
			CLAIM_EQ(before[i].flags, id.flags);
			CLAIM_EQ(i == SHARED ? 2 : 1, id.mapcount);
		}
		CLAIM_DATA(i == SHARED ? 2 : 1, load(addr[i]));
	}
}

QUIET_TEST_F(object, maps_show_one_deleted_object)
{
	struct range map;
	struct smaps s[2];
	struct peer child;

	SHARE_OR_SKIP(&map, &child, variant->how, 0);
	for (int i = 0; i < 2; i++) {
		ASSERT_EQ(0, smaps_range(i ? child.pid : 0, map.addr, map.len, &s[i]));
		CLAIM_EQ(1, s[i].vmas);
		CLAIM_EQ(map.len, s[i].size);
		CLAIM_STREQ("rw-s", s[i].perms);
		CLAIM_EQ(0, s[i].offset);
		CLAIM_STREQ(sharing_name(variant->how), s[i].name);
		CLAIM_NE(0, s[i].inode);
		CLAIM_TRUE(smaps_has_flag(&s[i], "sh"));
		CLAIM_TRUE(smaps_has_flag(&s[i], "ms"));
		/* Mapped, and nothing else: no page has been touched. */
		CLAIM_EQ(0, s[i].rss + s[i].pss + s[i].referenced + s[i].anonymous + s[i].swap);
	}
	CLAIM_EQ(s[0].inode, s[1].inode);
	CLAIM_EQ(s[0].major, s[1].major);
	CLAIM_EQ(s[0].minor, s[1].minor);
	CLAIM_STREQ(s[0].flags, s[1].flags);
	CLAIM_EQ(PAGES, pagemap_count(0, map.addr, PAGES, ~PM_SOFT_DIRTY, 0));
}

QUIET_TEST_F(object, map_files_lead_both_sides_to_one_object)
{
	struct stat object[2];
	struct range map;
	struct peer child;
	struct smaps s;

	NEED_OR_SKIP(MAP_FILES);
	SHARE_OR_SKIP(&map, &child, variant->how, 0);
	ASSERT_DONE(store_in(&child, page_at(&map, 3), 1));

	ASSERT_EQ(0, smaps_range(0, map.addr, map.len, &s));
	for (int i = 0; i < 2; i++) {
		int fd = object_open(i ? child.pid : 0, map.addr, map.len);

		ASSERT_LE(0, fd);
		ASSERT_EQ(0, fstat(fd, &object[i]));
		CLAIM_EQ(1, object_has_data(fd, 3 * (off_t)page_size()));
		CLAIM_EQ(0, object_has_data(fd, 4 * (off_t)page_size()));
		CLAIM_EQ(s.inode, object[i].st_ino);
		CLAIM_EQ((off_t)map.len, object[i].st_size);
	}
	CLAIM_EQ(object[0].st_dev, object[1].st_dev);
}

QUIET_TEST_F(object, two_mappings_are_two_objects)
{
	struct range one, two;
	struct peer child;
	struct smaps a, b;

	NEED_SHARING_OR_SKIP(variant->how);
	ASSERT_EQ(0, map_sharing(&one, PAGES, variant->how));
	ASSERT_EQ(0, map_sharing(&two, PAGES, variant->how));
	ASSERT_EQ(0, peer_fork(&child));
	scene_add("one", NULL, &one);
	scene_add("two", NULL, &two);

	ASSERT_DONE(fill_in(&child, one.addr, one.len, 1));
	CLAIM_ZEROS(two.addr, two.len);
	pattern_fill(two.addr, two.len, 2);
	CLAIM_DATA(0, pattern_diff(one.addr, one.len, 1));
	CLAIM_DATA(0, diff_in(&child, one.addr, one.len, 1));
	CLAIM_DATA(0, diff_in(&child, two.addr, two.len, 2));
	CLAIM_OBJECT(&one, NULL, &child);
	CLAIM_OBJECT(&two, NULL, &child);

	ASSERT_EQ(0, smaps_range(0, one.addr, one.len, &a));
	ASSERT_EQ(0, smaps_range(0, two.addr, two.len, &b));
	CLAIM_NE(a.inode, b.inode);
	if (need_met(NEED_PFN)) {
		for (size_t i = 0; i < PAGES; i++) {
			CLAIM_NE(pm_pfn(pagemap_entry(0, page_at(&one, i))),
				 pm_pfn(pagemap_entry(0, page_at(&two, i))));
		}
	}
}

QUIET_TEST_F(object, a_mapping_made_after_fork_is_not_the_other_sides)
{
	struct range map;
	struct smaps mine, theirs;
	struct peer child;

	NEED_SHARING_OR_SKIP(variant->how);
	ASSERT_EQ(0, map_sharing(&map, PAGES, variant->how));
	ASSERT_EQ(0, munmap(map.addr, map.len));
	ASSERT_EQ(0, fork_child(&child, &map));

	ASSERT_EQ(0, sharing_place(variant->how, map.addr, map.len));
	pattern_fill(map.addr, map.len, 1);
	CLAIM_DATA(FAULTED(SIGSEGV), load_in(&child, map.addr));
	CLAIM_DATA(FAULTED(SIGSEGV), load_in(&child, map.addr + map.len - 1));

	ASSERT_DONE(peer_call(&child, do_place, map.addr, map.len, variant->how));
	CLAIM_DATA(1, all_zero_in(&child, map.addr, map.len));
	ASSERT_DONE(fill_in(&child, map.addr, map.len, 2));
	CLAIM_DATA(0, pattern_diff(map.addr, map.len, 1));
	CLAIM_OBJECT(&map, NULL);
	CLAIM_OBJECT(&map, &child);
	ASSERT_EQ(0, smaps_range(0, map.addr, map.len, &mine));
	ASSERT_EQ(0, smaps_range(child.pid, map.addr, map.len, &theirs));
	CLAIM_NE(mine.inode, theirs.inode);
}

QUIET_TEST_F(object, outlives_its_creator)
{
	struct peer creator, child, grandchild;
	struct range map;

	/* The creator puts its own object where the caller has another. */
	NEED_SHARING_OR_SKIP(variant->how);
	ASSERT_EQ(0, map_sharing(&map, PAGES, variant->how));
	ASSERT_EQ(0, peer_fork(&creator));
	ASSERT_DONE(peer_call(&creator, do_place, map.addr, map.len, variant->how));
	ASSERT_DONE(fill_in(&creator, map.addr, map.len / 2, 1));
	ASSERT_DONE(peer_fork_from(&creator, &child));
	scene_add("caller's own", NULL, &map);
	scene_add("child", &child, &map);

	ASSERT_DONE(munmap_in(&creator, map.addr, map.len));
	CLAIM_DATA(FAULTED(SIGSEGV), load_in(&creator, map.addr));
	CLAIM_DATA(0, diff_in(&child, map.addr, map.len / 2, 1));
	CLAIM_DATA(1, all_zero_in(&child, map.addr + map.len / 2, map.len / 2));
	CLAIM_OBJECT(&map, &child);
	ASSERT_DONE(peer_fork_from(&child, &grandchild));
	ASSERT_DONE(peer_exit(&creator));

	ASSERT_DONE(fill_in(&grandchild, map.addr, map.len, 2));
	CLAIM_DATA(0, diff_in(&child, map.addr, map.len, 2));
	ASSERT_DONE(fill_in(&child, map.addr, map.len, 3));
	CLAIM_DATA(0, diff_in(&grandchild, map.addr, map.len, 3));
	CLAIM_OBJECT(&map, &child, &grandchild);
	ASSERT_DONE(peer_exit(&child));
	CLAIM_DATA(0, diff_in(&grandchild, map.addr, map.len, 3));
	CLAIM_OBJECT(&map, &grandchild);
	CLAIM_ZEROS(map.addr, map.len);
}

QUIET_TEST_F(object, exec_drops_the_mapping_and_not_the_object)
{
	struct range map;
	struct peer child;

	SHARE_OR_SKIP(&map, &child, variant->how, 0);
	ASSERT_DONE(fill_in(&child, map.addr, map.len, 1));
	CLAIM_DATA(0, pattern_diff(map.addr, map.len, 1));
	CLAIM_EQ(map.len / 2, pss(NULL, &map));

	ASSERT_DONE(peer_exec(&child));
	CLAIM_EQ(map.len, pss(NULL, &map));
	CLAIM_OBJECT(&map, NULL);
	CLAIM_DATA(0, pattern_diff(map.addr, map.len, 1));
	CLAIM_DATA(0, peer_exit(&child));
}

/*
 * Processes that count in the same places, in several pages, for so long that
 * they do it at the same time, or by turns where there is one CPU for them.
 */
#define COUNTERS	(PAGES * 4UL)
#define COUNTING	4
#define COUNTING_MS	5

/* Starts together with the others, who come to the same word. */
static int meet(unsigned int *arrived, unsigned int all)
{
	long long deadline = patience_until(10000);

	__atomic_add_fetch(arrived, 1, __ATOMIC_SEQ_CST);
	while (__atomic_load_n(arrived, __ATOMIC_SEQ_CST) < all) {
		if (patience_now() > deadline)
			return -ETIMEDOUT;
		sched_yield();
	}
	return 0;
}

/* Where the CPU cannot, the compiler would call a library: never reached. */
#define CAN_COUNT_IN(type)	__atomic_always_lock_free(sizeof(type), 0)

/* The narrow ones overflow, and are held against what is left of the sum. */
VARIANTS_ONLY(atomic) {
	bool possible;
	peer_fn count;
	uint64_t (*read)(const char *at);
	uint64_t most;
};

#define COUNT_IN(type, variant_name)						\
static long count_in_##type(void *addr, size_t len, long all)			\
{										\
	size_t apart = (len - page_size()) / COUNTERS;				\
	char *counters = (char *)addr + page_size();				\
	int ret = meet(addr, (unsigned int)all);				\
	long long deadline = patience_until(COUNTING_MS);			\
	long n = 0;								\
										\
	if (ret || !CAN_COUNT_IN(type))						\
		return ret ?: -EOPNOTSUPP;					\
	do {									\
		for (size_t i = 0; i < COUNTERS; i++)				\
			__atomic_fetch_add((type *)(counters + i * apart), 1,	\
					   __ATOMIC_RELAXED);			\
		n++;								\
	} while (patience_now() < deadline);					\
	return n;								\
}										\
static uint64_t read_##type(const char *at)					\
{										\
	return *(const type *)at;						\
}										\
FIXTURE_VARIANT_ADD(atomic, variant_name)					\
	{ CAN_COUNT_IN(type), count_in_##type, read_##type, (type)-1 }

COUNT_IN(uint8_t, one_byte);
COUNT_IN(uint16_t, two_bytes);
COUNT_IN(uint32_t, four_bytes);
COUNT_IN(uint64_t, eight_bytes);

QUIET_TEST_F(atomic, increments_of_several_processes_add_up)
{
	size_t page = page_size(), apart = PAGES * page / COUNTERS;
	struct peer peers[COUNTING];
	struct range map;
	uint64_t all = 0;

	if (!variant->possible)
		SKIP(return, "needs atomics: a CPU with atomic operations of this width");
	/* The first page is where they meet. */
	ASSERT_EQ(0, map_sharing(&map, 1 + PAGES, SHARE_ANONYMOUS));
	scene_add("parent", NULL, &map);
	for (int i = 0; i < COUNTING; i++) {
		ASSERT_EQ(0, peer_fork(&peers[i]));
	}
	scene_add("one of those who count", &peers[0], &map);

	for (int i = 0; i < COUNTING; i++) {
		ASSERT_EQ(0, peer_start(&peers[i], variant->count, map.addr, map.len, COUNTING));
	}
	for (int i = 0; i < COUNTING; i++) {
		long rounds = peer_finish(&peers[i]);

		ASSERT_ANSWER(rounds);
		all += (uint64_t)rounds;
	}

	for (size_t i = 0; i < COUNTERS; i++) {
		CLAIM_DATA(all & variant->most, variant->read(map.addr + page + i * apart));
	}
	CLAIM_OBJECT(&map, NULL, &peers[0], &peers[1], &peers[2], &peers[3]);
}

QUIET_TEST_F(writer, protection_is_each_mappings_own)
{
	struct peer child, *held = variant->child ? &child : NULL;
	struct peer *other = variant->child ? NULL : &child;
	struct range map;
	struct smaps s;
	size_t page;

	SHARE_OR_SKIP(&map, &child, variant->how, 0);
	page = page_size();
	ASSERT_DONE(fill_in(held, map.addr, map.len, 1));

	/* All but the first page, which goes on as it was. */
	ASSERT_DONE(mprotect_in(held, map.addr + page, map.len - page, PROT_READ));
	CLAIM_DATA(0, diff_in(held, map.addr, map.len, 1));
	for (size_t i = 1; i < PAGES; i++) {
		CLAIM_DATA(FAULTED(SIGSEGV), store_in(held, page_at(&map, i), 0xee));
		CLAIM_DATA(FAULTED(SIGSEGV), store_in(held, page_at(&map, i) + page - 1, 0xee));
	}
	CLAIM_DATA(0, diff_in(other, map.addr, map.len, 1));
	CLAIM_DATA(0, store_in(held, map.addr, pattern_byte(0, 1)));
	ASSERT_DONE(fill_in(other, map.addr, map.len, 2));
	CLAIM_DATA(0, diff_in(held, map.addr, map.len, 2));
	ASSERT_EQ(0, smaps_range(pid_of(held), map.addr + page, map.len - page, &s));
	CLAIM_STREQ("r--s", s.perms);
	ASSERT_EQ(0, smaps_range(pid_of(other), map.addr, map.len, &s));
	CLAIM_STREQ("rw-s", s.perms);
	CLAIM_OBJECT(&map, NULL, &child);

	ASSERT_DONE(mprotect_in(held, map.addr, map.len, PROT_NONE));
	CLAIM_DATA(FAULTED(SIGSEGV), load_in(held, map.addr));
	CLAIM_DATA(FAULTED(SIGSEGV), load_in(held, map.addr + map.len - 1));
	ASSERT_DONE(fill_in(other, map.addr, map.len, 3));
	ASSERT_DONE(mprotect_in(held, map.addr, map.len, PROT_READ | PROT_WRITE));
	CLAIM_DATA(0, diff_in(held, map.addr, map.len, 3));
	ASSERT_DONE(fill_in(held, map.addr, map.len, 4));
	CLAIM_DATA(0, diff_in(other, map.addr, map.len, 4));
	CLAIM_OBJECT(&map, NULL, &child);
}

QUIET_TEST_F(object, nobody_writes_through_a_readonly_mapping)
{
	struct range map;
	struct peer child;

	SHARE_OR_SKIP(&map, &child, variant->how, PAGES / 2);
	ASSERT_EQ(0, mprotect(map.addr, map.len, PROT_READ));

	for (size_t i = 0; i < PAGES; i++) {
		CLAIM_DATA(-EFAULT, touch_by_syscall(page_at(&map, i), 0xee));
		/* Force makes copies of private pages; of shared ones there are none. */
		CLAIM_DATA(true, touch_by_mem(page_at(&map, i), 0xee) < 0);
	}
	CLAIM_DATA(0, diff_in(&child, map.addr, map.len / 2, 1));
	CLAIM_DATA(1, all_zero_in(&child, map.addr + map.len / 2, map.len / 2));
	CLAIM_DATA(0, pattern_diff(map.addr, map.len / 2, 1));
	CLAIM_OBJECT(&map, NULL, &child);
}

QUIET_TEST_F(object, shares_of_a_page_follow_who_touches_it)
{
	struct peer child, grandchild;
	struct range map;
	size_t len;

	SHARE_OR_SKIP(&map, &child, variant->how, PAGES);
	len = map.len;
	CLAIM_OBJECT(&map, NULL, &child);

	/* Whoever stores takes that one page; nobody takes its neighbours. */
	ASSERT_DONE(fill_in(&child, map.addr, len / 2, 2));
	CLAIM_EQ(PAGES / 2, present(&child, &map));
	CLAIM_EQ(len / 4, pss(&child, &map));
	CLAIM_EQ(len / 2 + len / 4, pss(NULL, &map));
	ASSERT_DONE(fill_in(&child, map.addr, len, 3));
	CLAIM_EQ(len / 2, pss(&child, &map));
	CLAIM_EQ(len / 2, pss(NULL, &map));
	CLAIM_OBJECT(&map, NULL, &child);

	ASSERT_DONE(peer_fork_from(&child, &grandchild));
	scene_add("grandchild", &grandchild, &map);
	ASSERT_DONE(fill_in(&grandchild, map.addr, len, 4));
	CLAIM_OBJECT(&map, NULL, &child, &grandchild);
	ASSERT_DONE(munmap_in(&grandchild, map.addr, len));
	CLAIM_EQ(len / 2, pss(NULL, &map));
	CLAIM_OBJECT(&map, NULL, &child);
	ASSERT_DONE(peer_exit(&child));
	CLAIM_EQ(len, pss(NULL, &map));
	CLAIM_OBJECT(&map, NULL);
}

QUIET_TEST_F(object, pages_stored_to_are_dirty_and_shared_with_who_maps_them)
{
	struct range map;
	struct peer child;
	struct smaps s;

	NEED_SHARING_OR_SKIP(variant->how);
	ASSERT_EQ(0, map_sharing(&map, PAGES, variant->how));
	scene_add("before fork", NULL, &map);
	pattern_fill(map.addr, map.len, 1);
	ASSERT_EQ(0, smaps_range(0, map.addr, map.len, &s));
	CLAIM_EQ(map.len, s.private_dirty);
	CLAIM_EQ(0, s.private_clean + s.shared_clean + s.shared_dirty);
	CLAIM_EQ(map.len, s.referenced);

	ASSERT_EQ(0, fork_child(&child, &map));
	ASSERT_DONE(fill_in(&child, map.addr, map.len, 2));
	for (int side = 0; side < 2; side++) {
		ASSERT_EQ(0, smaps_range(side ? child.pid : 0, map.addr, map.len, &s));
		CLAIM_EQ(map.len, s.shared_dirty);
		CLAIM_EQ(0, s.private_clean + s.private_dirty + s.shared_clean);
		CLAIM_EQ(map.len, s.referenced);
	}
	ASSERT_DONE(peer_exit(&child));
	ASSERT_EQ(0, smaps_range(0, map.addr, map.len, &s));
	CLAIM_EQ(map.len, s.private_dirty);
	CLAIM_EQ(0, s.private_clean + s.shared_clean + s.shared_dirty);
}

/* Which pages are dropped: at an edge, across page tables, all of them. */
VARIANTS_ONLY(drop) { enum sharing how; size_t first, count; };
FIXTURE_VARIANT_ADD(drop, anonymous_first)	{ SHARE_ANONYMOUS, 0, 1 };
FIXTURE_VARIANT_ADD(drop, anonymous_middle)	{ SHARE_ANONYMOUS, 5, 6 };
FIXTURE_VARIANT_ADD(drop, anonymous_last)	{ SHARE_ANONYMOUS, PAGES - 1, 1 };
FIXTURE_VARIANT_ADD(drop, anonymous_whole)	{ SHARE_ANONYMOUS, 0, PAGES };
FIXTURE_VARIANT_ADD(drop, memfd_middle)		{ SHARE_MEMFD, 5, 6 };
FIXTURE_VARIANT_ADD(drop, dev_zero_middle)	{ SHARE_DEV_ZERO, 5, 6 };
FIXTURE_VARIANT_ADD(drop, sysv_middle)		{ SHARE_SYSV, 5, 6 };

QUIET_TEST_F(drop, dontneed_drops_the_view_and_not_the_data)
{
	size_t first = variant->first, count = variant->count;
	struct range map;
	struct peer child;

	scene_history("99baac21e458: pages found after MADV_DONTNEED, for want of a flush");
	SHARE_OR_SKIP(&map, &child, variant->how, PAGES);
	CLAIM_DATA(0, diff_in(&child, map.addr, map.len, 1));

	ASSERT_EQ(0, madvise(page_at(&map, first), count * page_size(), MADV_DONTNEED));
	CLAIM_EQ(PAGES - count, present(NULL, &map));
	CLAIM_EQ(count, pagemap_count(0, page_at(&map, first), count, ~PM_SOFT_DIRTY, 0));
	CLAIM_EQ(PAGES, present(&child, &map));
	CLAIM_OBJECT(&map, NULL, &child);
	CLAIM_DATA(0, diff_in(&child, map.addr, map.len, 1));

	/* Even where nobody maps it any more. */
	ASSERT_DONE(madvise_in(&child, page_at(&map, first), count * page_size(),
			       MADV_DONTNEED));
	CLAIM_OBJECT(&map, NULL, &child);
	CLAIM_DATA(0, pattern_diff(map.addr, map.len, 1));
	CLAIM_DATA(0, diff_in(&child, map.addr, map.len, 1));
	CLAIM_OBJECT(&map, NULL, &child);
}

/* For everybody the bytes from @at to @end are gone, and so are @gone pages; all else is kept. */
static void claim_hole(struct __test_metadata *_metadata, const struct range *map,
		       struct peer *child, size_t at, size_t end, size_t gone)
{
	CLAIM_EQ(PAGES - gone, present(NULL, map));
	CLAIM_EQ(PAGES - gone, present(child, map));
	CLAIM_OBJECT(map, NULL, child);
	CLAIM_DATA(1, all_zero_in(child, map->addr + at, end - at));
	CLAIM_DATA(0, pattern_diff(map->addr, at, 1));
	CLAIM_DATA(1, all_zero_in(NULL, map->addr + at, end - at));
	CLAIM_DATA(0, pattern_diff_part(map->addr + end, end, map->len - end, 1));
	CLAIM_OBJECT(map, NULL, child);
}

QUIET_TEST_F(drop, remove_drops_the_data_for_everybody)
{
	size_t at = variant->first * page_size(), len = variant->count * page_size();
	struct range map;
	struct peer child;

	SHARE_OR_SKIP(&map, &child, variant->how, PAGES);
	CLAIM_DATA(0, diff_in(&child, map.addr, map.len, 1));

	ASSERT_DONE(madvise_in(&child, map.addr + at, len, MADV_REMOVE));
	claim_hole(_metadata, &map, &child, at, at + len, variant->count);
	ASSERT_DONE(store(map.addr + at, 7));
	CLAIM_DATA(7, load_in(&child, map.addr + at));
}

/* Holes in a memfd, also such as start and end within a page. */
VARIANTS_ONLY(hole) { size_t first, count, inset, gone; };
FIXTURE_VARIANT_ADD(hole, first)	{ 0, 1, 0, 1 };
FIXTURE_VARIANT_ADD(hole, middle)	{ 5, 6, 0, 6 };
FIXTURE_VARIANT_ADD(hole, last)		{ PAGES - 1, 1, 0, 1 };
FIXTURE_VARIANT_ADD(hole, whole)	{ 0, PAGES, 0, PAGES };
FIXTURE_VARIANT_ADD(hole, parts_of_pages) { 5, 6, 100, 4 };
FIXTURE_VARIANT_ADD(hole, part_of_a_page) { 8, 1, 100, 0 };

QUIET_TEST_F(hole, punched_drops_the_data_for_everybody)
{
	size_t at = variant->first * page_size() + variant->inset;
	size_t end = (variant->first + variant->count) * page_size() - variant->inset;
	struct range map;
	struct peer child;
	int fd;

	NEED_OR_SKIP(MEMFD);
	fd = scratch_file(SCRATCH_MEMFD, PAGES);
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, map_across_tables(&map, PAGES, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0));
	ASSERT_EQ(0, fork_child(&child, &map));
	pattern_fill(map.addr, map.len, 1);
	CLAIM_DATA(0, diff_in(&child, map.addr, map.len, 1));

	ASSERT_EQ(0, fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, (off_t)at,
			       (off_t)(end - at)));
	claim_hole(_metadata, &map, &child, at, end, variant->gone);
}

/* What a step does to the system's accounts, by the kind of memory. */
VARIANTS_ONLY(accounting) { enum sharing how; };
#define ACCOUNTING(name, how)	FIXTURE_VARIANT_ADD(accounting, name) { how }
ACCOUNTING(private, SHARE_NOT);
EVERY_SHARING(ACCOUNTING);

/* In the terms of free(1): private memory is used, shared memory is shared and buff/cache. */
static struct system_change adding(long pages, enum sharing how)
{
	return how == SHARE_NOT ? (struct system_change){ .anon = pages } :
			 (struct system_change){ .shmem = pages, .cached = pages };
}

QUIET_TEST_F(accounting, touched_pages_count_as_what_they_are)
{
	size_t pages = system_pages();
	struct system_change change = adding((long)pages, variant->how);
	struct range map;

	NEED_SHARING_OR_SKIP(variant->how);
	CLAIM_SYSTEM_OR_SKIP(&change,
			     ASSERT_EQ(0, map_sharing(&map, pages, variant->how)),
			     touch_pages_in(NULL, &map),
			     ASSERT_EQ(0, unmap(&map)));
}

QUIET_TEST_F(accounting, mapping_alone_counts_as_nothing)
{
	size_t pages = system_pages();
	struct system_change change = adding(0, variant->how);
	struct range map;

	NEED_SHARING_OR_SKIP(variant->how);
	CLAIM_SYSTEM_OR_SKIP(&change, /* nothing */,
			     ASSERT_EQ(0, map_sharing(&map, pages, variant->how)),
			     ASSERT_EQ(0, unmap(&map)));
}

QUIET_TEST_F(accounting, unmapping_takes_it_back)
{
	size_t pages = system_pages();
	struct system_change change = adding(-(long)pages, variant->how);
	struct range map;

	NEED_SHARING_OR_SKIP(variant->how);
	CLAIM_SYSTEM_OR_SKIP(&change, {
		ASSERT_EQ(0, map_sharing(&map, pages, variant->how));
		touch_pages_in(NULL, &map);
	}, {
		ASSERT_EQ(0, unmap(&map));
		ASSERT_EQ(0, smaps_amount(0, map.addr, map.len, size));
	}, /* nothing */);
}

/* Private pages that are only read are the zero page; shared ones are not. */
QUIET_TEST_F(accounting, pages_only_read_count_where_there_is_an_object)
{
	size_t pages = system_pages();
	long counted = variant->how == SHARE_NOT ? 0 : (long)pages;
	struct system_change change = adding(counted, variant->how);
	struct range map;

	NEED_SHARING_OR_SKIP(variant->how);
	CLAIM_SYSTEM_OR_SKIP(&change,
			     ASSERT_EQ(0, map_sharing(&map, pages, variant->how)),
			     CLAIM_DATA(0, read_pages(&map)),
			     ASSERT_EQ(0, unmap(&map)));
}

QUIET_TEST(a_second_process_adds_nothing_to_the_system)
{
	size_t pages = system_pages();
	struct system_change change = { 0 };
	struct range map;
	struct peer child;

	ASSERT_EQ(0, map_sharing(&map, pages, SHARE_ANONYMOUS));
	touch_pages_in(NULL, &map);
	ASSERT_EQ(0, peer_fork(&child));
	CLAIM_SYSTEM_OR_SKIP(&change, /* nothing */,
			     ASSERT_DONE(touch_pages_in(&child, &map)),
			     ASSERT_DONE(madvise_in(&child, map.addr, map.len, MADV_DONTNEED)));
	CLAIM_EQ(pages, present(NULL, &map));
}

/* How a process comes to map an object no more. */
VARIANTS_ONLY(leaving) { bool exit; };
FIXTURE_VARIANT_ADD(leaving, by_munmap)	{ .exit = false };
FIXTURE_VARIANT_ADD(leaving, by_exit)	{ .exit = true };

static int leave(struct peer *peer, const struct range *map, bool by_exit)
{
	if (by_exit)
		return peer_exit(peer);
	return (int)munmap_in(peer, map->addr, map->len) ?:
	       (int)smaps_amount(peer->pid, map->addr, map->len, size);
}

/* @first makes an object, touches all of it and forks @second. */
static int share_between(struct peer *first, struct peer *second, const struct range *map)
{
	int ret = peer_fork(first);

	ret = ret ?: (int)peer_call(first, do_place, map->addr, map->len, SHARE_ANONYMOUS);
	ret = ret ?: touch_pages_in(first, map);
	return ret ?: peer_fork_from(first, second);
}

QUIET_TEST_F(leaving, first_of_two_processes_gives_nothing_back)
{
	size_t pages = 2 * system_pages();
	struct system_change change = { .besides = (long)pages, .processes = true };
	struct peer first, second;
	struct range map;

	ASSERT_EQ(0, map_private(&map, pages));
	CLAIM_SYSTEM_OR_SKIP(&change,
			     ASSERT_DONE(share_between(&first, &second, &map)),
			     ASSERT_DONE(leave(&first, &map, variant->exit)), {
		ASSERT_DONE(variant->exit ? 0 : peer_exit(&first));
		ASSERT_DONE(peer_exit(&second));
	});
}

QUIET_TEST_F(leaving, last_of_two_processes_gives_all_back)
{
	size_t pages = 2 * system_pages();
	struct system_change change = adding(-(long)pages, SHARE_ANONYMOUS);
	struct peer first, second;
	struct range map;

	change.processes = true;
	ASSERT_EQ(0, map_private(&map, pages));
	CLAIM_SYSTEM_OR_SKIP(&change, {
		ASSERT_DONE(share_between(&first, &second, &map));
		ASSERT_DONE(peer_exit(&first));
	}, ASSERT_DONE(leave(&second, &map, variant->exit)),
	ASSERT_DONE(variant->exit ? 0 : peer_exit(&second)));
}

/* What a process's own accounts call a page, by the kind of memory. */
enum counted { COUNTED_ANON, COUNTED_FILE, COUNTED_SHMEM, NR_COUNTED };

VARIANTS_ONLY(process) { enum counted as; enum sharing how; };
#define PROCESS(name, how)	FIXTURE_VARIANT_ADD(process, name) { COUNTED_SHMEM, how }
FIXTURE_VARIANT_ADD(process, private) { .as = COUNTED_ANON };
FIXTURE_VARIANT_ADD(process, file) { .as = COUNTED_FILE };
EVERY_SHARING(PROCESS);

static int map_counted(struct range *map, size_t pages, enum counted as, enum sharing how)
{
	int fd, ret;

	if (as != COUNTED_FILE)
		return map_sharing(map, pages, how);
	fd = scratch_file(SCRATCH_HERE, pages);
	if (fd < 0)
		return fd;
	ret = map_pages(map, pages, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	close(fd);
	return ret;
}

#define NEED_COUNTED_OR_SKIP(variant)						\
	do {									\
		if ((variant)->as == COUNTED_FILE) { /* or it may be shmem's */	\
			NEED_OR_SKIP(STORAGE);					\
			NEED_OR_SKIP(UNSTACKED);				\
		}								\
		/* Of whatever kind, the program's text counts, too. */		\
		attempt_struck_by(RECLAIMED);					\
		NEED_SHARING_OR_SKIP((variant)->how);				\
	} while (0)

static int read_status(long long pages[NR_COUNTED])
{
	static const char * const lines[NR_COUNTED] = { "RssAnon", "RssFile", "RssShmem" };

	for (int i = 0; i < NR_COUNTED; i++) {
		long long bytes = status_number(0, lines[i]);

		if (bytes < 0)
			return (int)bytes;
		pages[i] = bytes / (long long)page_size();
	}
	return 0;
}

QUIET_TEST_F(process, status_counts_pages_as_what_they_are)
{
	long long before[NR_COUNTED], touched[NR_COUNTED], after[NR_COUNTED];
	long long lag = status_drift_pages(), pages = 3 * lag;
	struct range map;

	scene_history("f1a7941243c1, 82241a83cd15: how exact Rss in status is");
	NEED_COUNTED_OR_SKIP(variant);
	ASSERT_EQ(0, pin_to_cpu());
	scene_add("touched", NULL, &map);
	/* Twice: the first time brings the program's own pages. */
	for (int i = 0; i < 2; i++) {
		ASSERT_EQ(0, map_counted(&map, (size_t)pages, variant->as, variant->how));
		ASSERT_EQ(0, read_status(before));
		touch_pages_in(NULL, &map);
		ASSERT_EQ(0, read_status(touched));
		CLAIM_ACCOUNTS_AGREE(0, &map);
		ASSERT_EQ(0, unmap(&map));
		ASSERT_EQ(0, read_status(after));
	}
	for (int i = 0; i < NR_COUNTED; i++) {
		CLAIM_NEAR(i == (int)variant->as ? pages : 0, touched[i] - before[i], lag);
		CLAIM_NEAR(0, after[i] - before[i], lag);
	}
}

/*
 * Until the harness and its child wait for us they go on copying pages that we
 * have in common with them, and what these cost is charged to us.
 */
static int await_parents(void)
{
	long long deadline = patience_until(10000);
	pid_t pid = getppid();

	for (int i = 0; i < 2; i++, pid = (pid_t)status_number(pid, "PPid")) {
		char state;

		while ((state = status_state(pid)) == 'R' || state == 'D')
			if (!patience_left(deadline))
				return -ETIMEDOUT;
	}
	return 0;
}

QUIET_TEST_F(process, rollup_counts_shares_as_what_they_are)
{
	struct smaps before, touched, after;
	size_t anon, shmem, kinds, image, pages = 2 * PAGES;
	struct range map;

	scene_history("27dd768ed8db: a sum that was wrong in smaps_rollup alone");
	NEED_OR_SKIP(ROLLUP);
	NEED_COUNTED_OR_SKIP(variant);
	ASSERT_EQ(0, await_parents());
	/* Others may come to map the program's own files, or leave them: so much at most. */
	ASSERT_EQ(0, smaps_rollup(0, &before));
	image = before.rss - before.anonymous;
	if (variant->as == COUNTED_FILE)
		pages += 3 * image / page_size();
	/* Twice: the first time brings the program's own pages. */
	for (int i = 0; i < 2; i++) {
		ASSERT_EQ(0, map_counted(&map, pages, variant->as, variant->how));
		ASSERT_EQ(0, smaps_rollup(0, &before));
		touch_pages_in(NULL, &map);
		ASSERT_EQ(0, smaps_rollup(0, &touched));
		ASSERT_EQ(0, unmap(&map));
		ASSERT_EQ(0, smaps_rollup(0, &after));
	}

	anon = touched.later.pss_anon;
	shmem = touched.later.pss_shmem;
	kinds = anon + shmem + touched.later.pss_file;
	CLAIM_EQ(variant->as == COUNTED_ANON ? map.len : 0, anon - before.later.pss_anon);
	CLAIM_EQ(variant->as == COUNTED_SHMEM ? map.len : 0, shmem - before.later.pss_shmem);
	CLAIM_EQ(variant->as == COUNTED_ANON ? map.len : 0, touched.anonymous - before.anonymous);
	CLAIM_EQ(map.len, touched.rss - before.rss);
	if (variant->as == COUNTED_FILE) {
		CLAIM_NEAR(map.len, touched.later.pss_file - before.later.pss_file, image);
	}
	/* Each of the four is cut to a kilobyte. */
	CLAIM_GE(touched.pss, kinds);
	CLAIM_LE(touched.pss, kinds + 3072);

	CLAIM_EQ(before.later.pss_anon, after.later.pss_anon);
	CLAIM_EQ(before.later.pss_shmem, after.later.pss_shmem);
	CLAIM_EQ(before.rss, after.rss);
}

/* The program may be on tmpfs itself: what is to run is in memory beforehand. */
static int warm_up(struct peer *child, const struct range *practice)
{
	struct smaps unused;
	int ret = 0;

	for (int i = 0; !ret && i < 2; i++) {
		pattern_fill(practice->addr, practice->len, 1);
		ret = smaps_rollup(0, &unused);
		ret = ret ?: smaps_rollup(child->pid, &unused);
		ret = ret ?: (int)fill_in(child, practice->addr, practice->len, 1);
	}
	return ret ?: munmap_in(child, practice->addr, practice->len);
}

QUIET_TEST_F(object, rollup_counts_half_of_what_two_processes_map)
{
	struct smaps before[2], after[2];
	struct range map, practice;
	struct peer child;

	NEED_OR_SKIP(ROLLUP);
	NEED_SHARING_OR_SKIP(variant->how);
	ASSERT_EQ(0, map_sharing(&map, PAGES, variant->how));
	ASSERT_EQ(0, map_private(&practice, 1));
	ASSERT_EQ(0, fork_child(&child, &map));
	ASSERT_DONE(warm_up(&child, &practice));
	ASSERT_EQ(0, await_parents());
	ASSERT_EQ(0, smaps_rollup(0, &before[0]));
	ASSERT_EQ(0, smaps_rollup(child.pid, &before[1]));

	pattern_fill(map.addr, map.len, 1);
	ASSERT_DONE(fill_in(&child, map.addr, map.len / 2, 2));
	ASSERT_EQ(0, smaps_rollup(0, &after[0]));
	ASSERT_EQ(0, smaps_rollup(child.pid, &after[1]));
	CLAIM_EQ(map.len / 2 + map.len / 4, after[0].later.pss_shmem - before[0].later.pss_shmem);
	CLAIM_EQ(map.len / 4, after[1].later.pss_shmem - before[1].later.pss_shmem);

	ASSERT_DONE(munmap_in(&child, map.addr, map.len));
	ASSERT_EQ(0, smaps_rollup(0, &after[0]));
	ASSERT_EQ(0, smaps_rollup(child.pid, &after[1]));
	CLAIM_EQ(map.len, after[0].later.pss_shmem - before[0].later.pss_shmem);
	CLAIM_EQ(0, after[1].later.pss_shmem - before[1].later.pss_shmem);
}

static long long charged(const struct cgroups *groups, int group, const char *name)
{
	return cgroup_memory_stat(groups->path[group], name) / (long long)page_size();
}

/* How many pages kpagecgroup has elsewhere than with who touched them first. */
static size_t charged_elsewhere(const struct cgroups *groups, const struct peer *peers,
				const struct range *map)
{
	size_t elsewhere = 0;

	for (size_t i = 0; i < map->pages; i++) {
		int group = i >= map->pages / CGROUPS;
		uint64_t inode = 0, entry = pagemap_entry(peers[group].pid, page_at(map, i));
		struct stat dir;

		elsewhere += stat(groups->path[group], &dir) ||
			     kpage_cgroup(pm_pfn(entry), &inode) || inode != dir.st_ino;
	}
	return elsewhere;
}

QUIET_TEST_F(accounting, pages_are_charged_to_who_touches_them_first)
{
	/*
	 * memory.stat may lag by up to a batch on each CPU, and by what has to come
	 * together before all CPUs are asked, MEMCG_CHARGE_BATCH for each.
	 */
	long long lag = 2 * 64 * (long long)sysconf(_SC_NPROCESSORS_CONF), part = 2 * lag;
	bool private = variant->how == SHARE_NOT;
	long long anon = private ? part : 0, shmem = private ? 0 : part;
	struct cgroups groups;
	struct peer peers[CGROUPS];
	struct range map;

	NEED_OR_SKIP(CGROUP);
	NEED_SHARING_OR_SKIP(variant->how);
	/* What both groups touch has to stand out, and to leave most of the memory free. */
	if (2 * part * (long long)page_size() > meminfo_number("MemAvailable") / 8)
		SKIP(return, "needs memory: sixteen times what memory.stat may lag by");
	ASSERT_EQ(0, map_sharing(&map, 2 * (size_t)part, variant->how));
	ASSERT_EQ(0, cgroups_make(&groups));
	for (int i = 0; i < CGROUPS; i++) {
		ASSERT_EQ(0, peer_fork(&peers[i]));
		ASSERT_EQ(0, cgroup_enter(groups.path[i], peers[i].pid));
	}

	/* Each the half that is its own, then all of it; of private memory only that. */
	for (int i = 0; i < CGROUPS; i++) {
		ASSERT_DONE(peer_call(&peers[i], do_touch_pages, map.addr + i * (long)map.len / 2,
				      map.len / 2, 0));
	}
	for (int i = 0; i < CGROUPS && !private; i++) {
		ASSERT_DONE(touch_pages_in(&peers[i], &map));
	}
	for (int i = 0; i < CGROUPS; i++) {
		CLAIM_NEAR(anon, charged(&groups, i, "anon"), lag);
		CLAIM_NEAR(shmem, charged(&groups, i, "shmem"), lag);
		CLAIM_NEAR(shmem, charged(&groups, i, "file"), lag);
	}
	if (need_met(NEED_KPAGE)) {
		CLAIM_EQ(0, charged_elsewhere(&groups, peers, &map));
	}

	for (int i = 0; i < CGROUPS; i++) {
		ASSERT_DONE(peer_exit(&peers[i]));
	}
	ASSERT_EQ(0, cgroups_remove(&groups));
}

int main(int argc, char **argv)
{
	program_begin(argc, argv);
	return test_harness_run(argc, argv);
}
