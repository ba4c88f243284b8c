// SPDX-License-Identifier: GPL-2.0
/*
 * Private memory splits on write: what fork(2) gives to a child is the
 * parent's memory as it was at that moment, at no cost until somebody writes,
 * and then at the cost of the pages written.
 *
 * Behaviour: fork(2), mmap(2), madvise(2), vmsplice(2), ptrace(2), proc(5),
 * filesystems/proc.rst (smaps), admin-guide/mm/pagemap.rst,
 * admin-guide/mm/transhuge.rst, admin-guide/mm/ksm.rst.
 */
#include <signal.h>

#include "claim/harness.h"
#include "act/kind.h"
#include "act/touch.h"
#include "claim/accounts.h"
#include "claim/case.h"
#include "claim/sharing.h"
#include "observe/kpage.h"

/*
 * What the pages hold before anybody splits them.  It is shared memory, so
 * that nothing this test is about can happen to it.
 */
static struct mapping pattern, zeros;

static const char *content_of(enum page_kind kind)
{
	return kind == ZERO_PAGES || kind == HUGE_ZERO_PAGE ? zeros.addr : pattern.addr;
}

static bool is_written(enum page_kind kind)
{
	return kind == BASE_PAGES || kind == HUGE_PAGE || kind == SPLIT_HUGE_PAGE;
}

static enum grain grain_of(enum page_kind kind)
{
	if (kind == HUGE_PAGE || kind == SPLIT_HUGE_PAGE)
		return huge_grain(kind == HUGE_PAGE);
	return EACH_PAGE;
}

/* What it takes to arrange a kind of page, NR_NEEDS: nothing. */
static enum need need_of(enum page_kind kind)
{
	switch (kind) {
	case HUGE_PAGE:
	case SPLIT_HUGE_PAGE:
		return NEED_THP;
	case SWAPPED_PAGES:
		return NEED_SWAP;
	case HUGE_ZERO_PAGE:
		return NEED_HUGE_ZERO;
	default:
		return NR_NEEDS;
	}
}

#define ARRANGE(map, kind)							\
	do {									\
		int arranged;							\
										\
		if (need_of(kind) != NR_NEEDS)					\
			NEED_ONE(need_of(kind));				\
		arranged = arrange_pages(map, kind, content_of(kind));		\
		if (arranged == -EAGAIN)					\
			SKIP(return, "inconclusive: no huge page to be had");	\
		ASSERT_EQ(0, arranged);						\
	} while (0)

/* Memory that a parent and its child hold together, and who is to write. */
struct lent {
	struct mapping map;
	struct peer child;
	struct sharers both;
	struct peer *writer, *other;
	uint64_t *before;	/* the pagemap entries before the fork */
};

enum who { PARENT, CHILD };

static int lend(struct lent *lent, enum who writer)
{
	int ret;

	lent->before = calloc(lent->map.pages, sizeof(*lent->before));
	if (!lent->before)
		return -ENOMEM;
	scene_add("parent", NULL, &lent->map);
	ret = pagemap_read(0, lent->map.addr, lent->map.pages, lent->before);
	ret = ret ?: peer_fork(&lent->child);
	if (ret)
		return ret;
	scene_add("child", &lent->child, &lent->map);
	lent->both = (struct sharers){ { NULL, &lent->child }, 2 };
	lent->writer = lent->both.who[writer == CHILD];
	lent->other = lent->both.who[writer == PARENT];
	return 0;
}

static pid_t pid_of(const struct peer *who)
{
	return who ? who->pid : 0;
}

/* Whatever is to be done, by the caller or by a peer. */
static long have(struct peer *who, peer_fn fn, const void *addr, size_t len, long arg)
{
	return who ? peer_call(who, fn, addr, len, arg) : fn((void *)addr, len, arg);
}

static long do_touch(void *addr, size_t touch, long byte)
{
	return ((touch_fn)touch)(addr, (uint8_t)byte);
}

static long touch(struct peer *who, touch_fn fn, const void *addr, uint8_t byte)
{
	return have(who, do_touch, addr, (size_t)fn, byte);
}

/* One byte in each page, in another place each time. */
static long do_touch_each(void *addr, size_t len, long fn)
{
	size_t page = page_size();
	int ret = 0;

	for (size_t i = 0; !ret && i < len / page; i++)
		ret = ((touch_fn)fn)((char *)addr + i * page + i * 97 % page, 0);
	return ret;
}

static long touch_each(struct peer *who, touch_fn fn, const struct mapping *map)
{
	return have(who, do_touch_each, map->addr, map->len, (long)fn);
}

static long do_count_changed(void *addr, size_t len, long content)
{
	const char *now = addr, *then = (const char *)content;
	size_t page = page_size();
	long changed = 0;

	for (size_t at = 0; at < len; at += page) {
		if (!memcmp(now + at, then + at, page))
			continue;
		for (size_t i = at; i < at + page; i++)
			changed += now[i] != then[i];
	}
	return changed;
}

/* How many bytes of the whole mapping are not what they were at first. */
static long changed(struct peer *who, const struct mapping *map, const char *content)
{
	return have(who, do_count_changed, map->addr, map->len, (long)content);
}

static long do_load(void *addr, size_t len, long arg)
{
	(void)len;
	(void)arg;
	return load(addr);
}

static long byte_at(struct peer *who, const void *addr)
{
	return have(who, do_load, addr, 0, 0);
}

/* Pages at the edges, and on both sides of the page-table boundary. */
#define NR_EDGES	4

static size_t edge(const struct mapping *map, size_t i)
{
	const size_t pages[NR_EDGES] = {
		map->pages / 2, map->pages - 1, 0, map->pages / 2 - 1
	};

	return pages[i];
}

/* A byte in such a page: the last, the first, somewhere. */
static size_t edge_offset(const struct mapping *map, size_t i)
{
	const size_t offsets[NR_EDGES] = { page_size() - 1, 0, 1234, page_size() / 2 };

	return edge(map, i) * page_size() + offsets[i];
}

/* Another one than was there, and than others write there. */
static uint8_t new_byte(const char *content, size_t offset, unsigned int whose)
{
	return (uint8_t)(content[offset] + 1 + whose);
}

/* The pages from @first on that are not edges written so far. */
static size_t unwritten_run(const struct mapping *map, size_t writes, size_t first)
{
	size_t end;

	for (end = first; end < map->pages; end++)
		for (size_t i = 0; i < writes; i++)
			if (edge(map, i) == end)
				return end - first;
	return end - first;
}

/* What pages are at fork time. */
VARIANTS_ONLY(forked) { enum page_kind kind; };
FIXTURE_VARIANT_ADD(forked, base)	{ .kind = BASE_PAGES };
FIXTURE_VARIANT_ADD(forked, huge)	{ .kind = HUGE_PAGE };
FIXTURE_VARIANT_ADD(forked, split_huge)	{ .kind = SPLIT_HUGE_PAGE };
FIXTURE_VARIANT_ADD(forked, swapped)	{ .kind = SWAPPED_PAGES };
FIXTURE_VARIANT_ADD(forked, zero)	{ .kind = ZERO_PAGES };
FIXTURE_VARIANT_ADD(forked, huge_zero)	{ .kind = HUGE_ZERO_PAGE };

/* Entries of the same pages, apart from bits that are told otherwise. */
static size_t entries_that_differ(const uint64_t *one, const uint64_t *other, size_t pages)
{
	size_t differ = 0;

	for (size_t i = 0; i < pages; i++)
		differ += !!((one[i] ^ other[i]) & ~(PM_EXCLUSIVE | PM_SOFT_DIRTY));
	return differ;
}

/* How many pages of a process are not where the parent had them before fork. */
static long moved(struct peer *who, const struct lent *lent)
{
	uint64_t *now = calloc(lent->map.pages, sizeof(*now));
	long count = -ENOMEM;

	if (now)
		count = pagemap_read(pid_of(who), lent->map.addr, lent->map.pages, now);
	if (!count)
		count = (long)entries_that_differ(lent->before, now, lent->map.pages);
	free(now);
	return count;
}

QUIET_TEST_F(forked, pages_are_the_same_on_both_sides)
{
	const char *content = content_of(variant->kind);
	struct lent lent;

	ARRANGE(&lent.map, variant->kind);
	ASSERT_EQ(0, lend(&lent, PARENT));

	CLAIM_EQ(0, moved(NULL, &lent));
	CLAIM_EQ(0, moved(&lent.child, &lent));
	CLAIM_EQ(0, changed(&lent.child, &lent.map, content));
	CLAIM_EQ(0, changed(NULL, &lent.map, content));
	/* Once more: what the first reader brought in is the other's too. */
	CLAIM_EQ(0, changed(&lent.child, &lent.map, content));
	if (variant->kind != SWAPPED_PAGES) {
		CLAIM_EQ(0, moved(NULL, &lent));
		CLAIM_EQ(0, moved(&lent.child, &lent));
		CLAIM_ACCOUNTS_AGREE(0, &lent.map);
		CLAIM_ACCOUNTS_AGREE(lent.child.pid, &lent.map);
	}
}

QUIET_TEST_F(forked, pages_are_counted_as_shared)
{
	size_t pages, written = is_written(variant->kind);
	struct lent lent;

	ARRANGE(&lent.map, variant->kind);
	pages = lent.map.pages;
	if (written)
		CLAIM_OWNED(NULL, &lent.map, 0, pages, EACH_PAGE);
	if (variant->kind != SWAPPED_PAGES)
		CLAIM_ACCOUNT(NULL, &lent.map, written * pages, 0, 1);

	ASSERT_EQ(0, lend(&lent, PARENT));
	if (written)
		CLAIM_SHARED(&lent.both, &lent.map, 0, pages, EACH_PAGE);
	if (variant->kind != SWAPPED_PAGES) {
		CLAIM_ACCOUNT(NULL, &lent.map, 0, written * pages, 2);
		CLAIM_ACCOUNT(&lent.child, &lent.map, 0, written * pages, 2);
	}

	ASSERT_EQ(0, peer_exit(&lent.child));
	if (written)
		CLAIM_OWNED(NULL, &lent.map, 0, pages, EACH_PAGE);
	if (variant->kind != SWAPPED_PAGES)
		CLAIM_ACCOUNT(NULL, &lent.map, written * pages, 0, 1);
	CLAIM_EQ(0, moved(NULL, &lent));
	CLAIM_EQ(0, changed(NULL, &lent.map, content_of(variant->kind)));
}

QUIET_TEST_F(forked, frames_are_visible_and_shared)
{
	uint64_t *entries;
	struct lent lent;

	NEED(PFN);
	if (variant->kind == SWAPPED_PAGES)
		NEED(SWAP);
	ARRANGE(&lent.map, variant->kind);
	ASSERT_EQ(0, lend(&lent, PARENT));
	entries = calloc(lent.map.pages, sizeof(*entries));
	ASSERT_NE(NULL, entries);

	for (size_t i = 0; i < lent.map.pages; i++)
		CLAIM_NE(0, pm_pfn(lent.before[i]));
	ASSERT_EQ(0, pagemap_read(lent.child.pid, lent.map.addr, lent.map.pages, entries));
	for (size_t i = 0; i < lent.map.pages; i++)
		CLAIM_EQ(pm_pfn(lent.before[i]), pm_pfn(entries[i]));
}

/* Who writes how, to what. */
VARIANTS_ONLY(cow) { enum page_kind kind; enum who writer; touch_fn touch; };

#define EITHER_WRITES(kind_name, way, kind_of, touch_by)			\
	FIXTURE_VARIANT_ADD(cow, kind_name##_parent_##way) {			\
		.kind = kind_of, .writer = PARENT, .touch = touch_by		\
	};									\
	FIXTURE_VARIANT_ADD(cow, kind_name##_child_##way) {			\
		.kind = kind_of, .writer = CHILD, .touch = touch_by		\
	}

EITHER_WRITES(base, store, BASE_PAGES, touch_by_store);
EITHER_WRITES(base, syscall, BASE_PAGES, touch_by_syscall);
EITHER_WRITES(base, remote, BASE_PAGES, touch_by_mem);
EITHER_WRITES(base, unprotected, BASE_PAGES, touch_after_protection);
EITHER_WRITES(huge, store, HUGE_PAGE, touch_by_store);
EITHER_WRITES(huge, remote, HUGE_PAGE, touch_by_mem);
EITHER_WRITES(huge, unprotected, HUGE_PAGE, touch_after_protection);
EITHER_WRITES(split_huge, store, SPLIT_HUGE_PAGE, touch_by_store);
EITHER_WRITES(split_huge, remote, SPLIT_HUGE_PAGE, touch_by_mem);
EITHER_WRITES(swapped, store, SWAPPED_PAGES, touch_by_store);
EITHER_WRITES(swapped, remote, SWAPPED_PAGES, touch_by_mem);
EITHER_WRITES(zero, store, ZERO_PAGES, touch_by_store);
EITHER_WRITES(zero, remote, ZERO_PAGES, touch_by_mem);
EITHER_WRITES(huge_zero, store, HUGE_ZERO_PAGE, touch_by_store);
EITHER_WRITES(huge_zero, remote, HUGE_ZERO_PAGE, touch_by_mem);

QUIET_TEST_F(cow, write_stays_with_the_writer)
{
	const char *content = content_of(variant->kind);
	struct lent lent;

	scene_history("09854ba94c6a and 6c287605fd56: who may write to a page that was shared");
	ARRANGE(&lent.map, variant->kind);
	ASSERT_EQ(0, lend(&lent, variant->writer));

	for (size_t i = 0; i < NR_EDGES; i++) {
		size_t at = edge_offset(&lent.map, i);
		char *addr = lent.map.addr + at;

		ASSERT_EQ(0, touch(lent.writer, variant->touch, addr, new_byte(content, at, 0)));
		CLAIM_EQ(new_byte(content, at, 0), byte_at(lent.writer, addr));
		CLAIM_EQ((uint8_t)content[at], byte_at(lent.other, addr));
	}
	CLAIM_EQ(NR_EDGES, changed(lent.writer, &lent.map, content));
	CLAIM_EQ(0, changed(lent.other, &lent.map, content));

	for (size_t i = 0; i < NR_EDGES; i++) {
		size_t at = edge_offset(&lent.map, i);
		char *addr = lent.map.addr + at;

		ASSERT_EQ(0, touch(lent.other, variant->touch, addr, new_byte(content, at, 1)));
		CLAIM_EQ(new_byte(content, at, 1), byte_at(lent.other, addr));
		CLAIM_EQ(new_byte(content, at, 0), byte_at(lent.writer, addr));
	}
	CLAIM_EQ(NR_EDGES, changed(lent.writer, &lent.map, content));
	CLAIM_EQ(NR_EDGES, changed(lent.other, &lent.map, content));
}

QUIET_TEST_F(cow, writes_to_every_page_stay_with_the_writer)
{
	const char *content = content_of(variant->kind);
	struct lent lent;

	ARRANGE(&lent.map, variant->kind);
	ASSERT_EQ(0, lend(&lent, variant->writer));

	ASSERT_EQ(0, touch_each(lent.writer, variant->touch, &lent.map));
	CLAIM_EQ(0, changed(lent.other, &lent.map, content));
	if (content == pattern.addr)
		CLAIM_EQ(lent.map.pages, changed(lent.writer, &lent.map, content));

	ASSERT_EQ(0, touch_each(lent.other, touch_by_store, &lent.map));
	if (is_written(variant->kind)) {
		CLAIM_OWNED(lent.writer, &lent.map, 0, lent.map.pages, EACH_PAGE);
		CLAIM_OWNED(lent.other, &lent.map, 0, lent.map.pages,
			    grain_of(variant->kind));
		CLAIM_ACCOUNT(lent.writer, &lent.map, lent.map.pages, 0, 1);
		CLAIM_ACCOUNT(lent.other, &lent.map, lent.map.pages, 0, 1);
	}
}

/* The entry of one page of a process. */
static uint64_t entry_of(const struct lent *lent, struct peer *who, size_t page)
{
	return pagemap_entry(pid_of(who), page_at(&lent->map, page));
}

QUIET_TEST_F(cow, other_keeps_the_frame)
{
	const char *content = content_of(variant->kind);
	enum grain grain = grain_of(variant->kind);
	struct lent lent;

	NEED(PFN);
	ARRANGE(&lent.map, variant->kind);
	ASSERT_EQ(0, lend(&lent, variant->writer));

	for (size_t i = 0; i < NR_EDGES; i++) {
		size_t at = edge_offset(&lent.map, i), page = edge(&lent.map, i);

		ASSERT_EQ(0, touch(lent.writer, variant->touch, lent.map.addr + at,
				   new_byte(content, at, 0)));
		CLAIM_EQ(0, moved(lent.other, &lent));
		CLAIM_NE(pm_pfn(lent.before[page]), pm_pfn(entry_of(&lent, lent.writer, page)));
		/* Of a huge zero page the writer has a huge page. */
		if (variant->kind != HUGE_ZERO_PAGE)
			CLAIM_OWNED(lent.writer, &lent.map, page, 1, EACH_PAGE);
		if (is_written(variant->kind))
			CLAIM_OWNED(lent.other, &lent.map, page, 1, grain);
	}
	CLAIM_EQ(NR_EDGES, changed(lent.writer, &lent.map, content));
}

static void claim_counts(struct __test_metadata *_metadata, const struct lent *lent,
			 size_t split, size_t shared)
{
	/* Pages that were only read before do not become the other's own. */
	CLAIM_ACCOUNT(lent->writer, &lent->map, split, shared, 2);
	CLAIM_ACCOUNT(lent->other, &lent->map, shared ? split : 0, shared, 2);
}

QUIET_TEST_F(cow, only_the_written_page_splits)
{
	const char *content = content_of(variant->kind);
	size_t written = is_written(variant->kind);
	struct lent lent;

	ARRANGE(&lent.map, variant->kind);
	ASSERT_EQ(0, lend(&lent, variant->writer));

	for (size_t i = 1; i <= NR_EDGES; i++) {
		size_t at = edge_offset(&lent.map, i - 1);

		ASSERT_EQ(0, touch(lent.writer, variant->touch, lent.map.addr + at,
				   new_byte(content, at, 0)));
		for (size_t p = 0, run; p < lent.map.pages; p += run + 1) {
			run = unwritten_run(&lent.map, i, p);
			if (written)
				CLAIM_SHARED(&lent.both, &lent.map, p, run,
					     grain_of(variant->kind));
		}
		CLAIM_EQ(0, moved(lent.other, &lent));
		if (variant->kind == SWAPPED_PAGES)
			continue;
		CLAIM_ACCOUNTS_AGREE(pid_of(lent.writer), &lent.map);
		/* Of a huge zero page the writer may have a huge page. */
		if (variant->kind == HUGE_ZERO_PAGE)
			continue;
		if (need_met(NEED_PFN))
			CLAIM_EQ(i, moved(lent.writer, &lent));
		if (grain_of(variant->kind) != WHOLE_FOLIO)
			claim_counts(_metadata, &lent, i, written * (lent.map.pages - i));
	}
}

int main(int argc, char **argv)
{
	size_t pages = kind_most_bytes() / page_size();

	program_needs();
	need_provide_swap();
	if (map_shared(&pattern, pages) || map_shared(&zeros, pages))
		ksft_exit_fail_msg("no memory\n");
	pattern_fill(pattern.addr, pattern.len, 1);
	need_met(NEED_HUGE_ZERO);
	if (need_met(NEED_THP))
		huge_grain(false);
	return test_harness_run(argc, argv);
}
