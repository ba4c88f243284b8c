// SPDX-License-Identifier: GPL-2.0
/*
 * Private memory splits on write: what fork(2) gives to a child is the
 * parent's memory as it was at that moment, at no cost until somebody writes,
 * and then at the cost of the pages written.
 *
 * Behaviour: fork(2), mmap(2), madvise(2), ptrace(2), proc(5),
 * filesystems/proc.rst (smaps), admin-guide/mm/pagemap.rst,
 * admin-guide/mm/transhuge.rst, admin-guide/mm/ksm.rst.
 */
#include <fcntl.h>
#include <linux/sched.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/syscall.h>

#include "claim/harness.h"
#include "act/ksm.h"
#include "act/touch.h"
#include "act/worker.h"
#include "claim/accounts.h"
#include "claim/case.h"
#include "claim/kind.h"
#include "claim/sharing.h"
#include "claim/states.h"
#include "observe/patience.h"

/* Pages at the edges, and on both sides of the page-table boundary. */
#define NR_EDGES	4

static size_t edge(const struct range *map, size_t i)
{
	const size_t pages[NR_EDGES] = {
		map->pages / 2, map->pages - 1, 0, map->pages / 2 - 1
	};

	return pages[i];
}

/* A byte in such a page: the last, the first, somewhere. */
static size_t edge_offset(const struct range *map, size_t i)
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
static size_t unwritten_run(const struct range *map, size_t writes, size_t first)
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
#define FORKED(id, name)	FIXTURE_VARIANT_ADD(forked, name) { .kind = id }
EVERY_KIND(FORKED)

QUIET_TEST_F(forked, pages_are_the_same_on_both_sides)
{
	struct lent lent;

	LEND_OR_SKIP(&lent, variant->kind, PARENT);

	CLAIM_EQ(0, moved(NULL, &lent));
	CLAIM_EQ(0, moved(&lent.child, &lent));
	/* Where frames are hidden, this is what tells that there are no copies. */
	if (kinds[variant->kind].own) {
		CLAIM_SHARED(&lent.both, &lent.map, 0, lent.map.pages, EACH_PAGE);
	}
	if (variant->kind == SWAPPED_PAGES) {
		CLAIM_SWAP(lent.child.pid, &lent.map, lent.map.len, lent.map.len / 2);
	}
	CLAIM_DATA(0, changed(&lent.child, &lent.map, lent.content));
	CLAIM_DATA(0, changed(NULL, &lent.map, lent.content));
	/* Once more: what the first reader brought in is the other's too. */
	CLAIM_DATA(0, changed(&lent.child, &lent.map, lent.content));
	if (kinds[variant->kind].there) {
		CLAIM_EQ(0, moved(NULL, &lent));
		CLAIM_EQ(0, moved(&lent.child, &lent));
	}
	if (kinds[variant->kind].plain) {
		CLAIM_ACCOUNTS_AGREE(0, &lent.map);
		CLAIM_ACCOUNTS_AGREE(lent.child.pid, &lent.map);
	}
}

QUIET_TEST_F(forked, pages_are_counted_as_shared)
{
	size_t pages, merged, huge, written = kinds[variant->kind].own;
	struct lent lent;
	struct smaps s;

	scene_history("da7f31ed0f4d, 2c1f057e5be6: the exclusive bit");
	ARRANGE_OR_SKIP(&lent.map, variant->kind);
	pages = lent.map.pages;
	if (written) {
		CLAIM_OWNED(NULL, &lent.map, 0, pages, EACH_PAGE);
	}
	if (kinds[variant->kind].plain) {
		CLAIM_ACCOUNT(NULL, &lent.map, written * pages, 0, 1);
	}

	ASSERT_EQ(0, lend(&lent, PARENT));
	if (written) {
		CLAIM_SHARED(&lent.both, &lent.map, 0, pages, EACH_PAGE);
	}
	if (kinds[variant->kind].plain) {
		CLAIM_ACCOUNT(NULL, &lent.map, 0, written * pages, 2);
		CLAIM_ACCOUNT(&lent.child, &lent.map, 0, written * pages, 2);
	}
	merged = variant->kind == MERGED_PAGES ? lent.map.len : 0;
	ASSERT_EQ(0, smaps_range(0, lent.map.addr, lent.map.len, &s));
	/* Nothing is pinned: fork has the child map a huge page as its parent does. */
	huge = variant->kind == PMD_THP ? lent.map.len : 0;
	CLAIM_EQ(huge, s.anon_huge);
	CLAIM_EQ(merged, smaps_told(&s, ksm, merged));
	ASSERT_EQ(0, smaps_range(lent.child.pid, lent.map.addr, lent.map.len, &s));
	CLAIM_EQ(huge, s.anon_huge);
	CLAIM_EQ(merged, smaps_told(&s, ksm, merged));

	ASSERT_DONE(peer_exit(&lent.child));
	if (written) {
		CLAIM_OWNED(NULL, &lent.map, 0, pages, EACH_PAGE);
	}
	if (kinds[variant->kind].plain) {
		CLAIM_ACCOUNT(NULL, &lent.map, written * pages, 0, 1);
	}
	CLAIM_EQ(0, moved(NULL, &lent));
	CLAIM_DATA(0, changed(NULL, &lent.map, kind_content(variant->kind)));
}

QUIET_TEST_F(forked, frames_are_visible_and_shared)
{
	uint64_t *entries;
	struct lent lent;

	NEED_OR_SKIP(PFN);
	LEND_OR_SKIP(&lent, variant->kind, PARENT);
	entries = calloc(lent.map.pages, sizeof(*entries));
	ASSERT_NE(NULL, entries);

	for (size_t i = 0; i < lent.map.pages; i++) {
		CLAIM_NE(0, pm_pfn(lent.before[i]));
	}
	ASSERT_EQ(0, pagemap_read(lent.child.pid, lent.map.addr, lent.map.pages, entries));
	for (size_t i = 0; i < lent.map.pages; i++) {
		CLAIM_EQ(pm_pfn(lent.before[i]), pm_pfn(entries[i]));
	}
}

/* Who writes how, to what. */
VARIANTS_ONLY(cow) { enum page_kind kind; enum who writer; touch_fn touch; };
#define COW(id, name, way, fn)							\
	FIXTURE_VARIANT_ADD(cow, name##_parent_##way) { id, PARENT, fn };	\
	FIXTURE_VARIANT_ADD(cow, name##_child_##way) { id, CHILD, fn }
#define COW_STORE(id, name)	COW(id, name, store, touch_by_store)
#define COW_REMOTE(id, name)	COW(id, name, remote, touch_by_mem)
#define COW_UNPROTECTED(id, name) COW(id, name, unprotected, touch_after_protection)
EVERY_KIND(COW_STORE)
TYPICAL_KINDS(COW_REMOTE)
OWN_KINDS(COW_UNPROTECTED)
COW(BASE_PAGES, base, syscall, touch_by_syscall);

QUIET_TEST_F(cow, write_stays_with_the_writer)
{
	const char *content = kind_content(variant->kind);
	struct lent lent;

	scene_history("09854ba94c6a and 6c287605fd56: who may write to a page that was shared");
	ARRANGE_OR_SKIP(&lent.map, variant->kind);
	ASSERT_EQ(0, lend(&lent, variant->writer));

	for (size_t i = 0; i < NR_EDGES; i++) {
		size_t at = edge_offset(&lent.map, i);
		char *addr = lent.map.addr + at;

		ASSERT_DONE(touch_in(lent.writer, variant->touch, addr, new_byte(content, at, 0)));
		CLAIM_DATA(new_byte(content, at, 0), load_in(lent.writer, addr));
		CLAIM_DATA((uint8_t)content[at], load_in(lent.other, addr));
	}
	CLAIM_DATA(NR_EDGES, changed(lent.writer, &lent.map, content));
	CLAIM_DATA(0, changed(lent.other, &lent.map, content));

	for (size_t i = 0; i < NR_EDGES; i++) {
		size_t at = edge_offset(&lent.map, i);
		char *addr = lent.map.addr + at;

		ASSERT_DONE(touch_in(lent.other, variant->touch, addr, new_byte(content, at, 1)));
		CLAIM_DATA(new_byte(content, at, 1), load_in(lent.other, addr));
		CLAIM_DATA(new_byte(content, at, 0), load_in(lent.writer, addr));
	}
	CLAIM_DATA(NR_EDGES, changed(lent.writer, &lent.map, content));
	CLAIM_DATA(NR_EDGES, changed(lent.other, &lent.map, content));
}

/* The entry of one page of a process. */
static uint64_t entry_in(const struct lent *lent, struct peer *who, size_t page)
{
	return pagemap_entry(pid_of(who), page_at(&lent->map, page));
}

/* Of a huge zero page the writer may have a huge page. */
static bool copied_as_huge(enum page_kind kind)
{
	return kinds[kind].folio == BY_PMD && !kinds[kind].own;
}

QUIET_TEST_F(cow, other_keeps_the_frame)
{
	enum grain grain = kind_grain(variant->kind);
	struct lent lent;

	scene_history("17839856fd58, 09854ba94c6a, 6c287605fd56: who gets the copy");
	NEED_OR_SKIP(PFN);
	LEND_OR_SKIP(&lent, variant->kind, variant->writer);

	for (size_t i = 0; i < NR_EDGES; i++) {
		size_t at = edge_offset(&lent.map, i), page = edge(&lent.map, i);

		ASSERT_DONE(touch_in(lent.writer, variant->touch, lent.map.addr + at,
				     new_byte(lent.content, at, 0)));
		CLAIM_EQ(0, moved(lent.other, &lent));
		CLAIM_NE(pm_pfn(lent.before[page]), pm_pfn(entry_in(&lent, lent.writer, page)));
		if (!copied_as_huge(variant->kind)) {
			CLAIM_OWNED(lent.writer, &lent.map, page, 1, EACH_PAGE);
		}
		if (kinds[variant->kind].own) {
			CLAIM_OWNED(lent.other, &lent.map, page, 1, grain);
		}
	}
	CLAIM_DATA(NR_EDGES, changed(lent.writer, &lent.map, lent.content));
}

/* All pages but the edges written so far go on being shared. */
static const char *neighbours_amiss(const struct lent *lent, size_t writes, enum grain grain)
{
	const char *amiss = "";

	for (size_t p = 0, run; !*amiss && p < lent->map.pages; p += run + 1) {
		run = unwritten_run(&lent->map, writes, p);
		amiss = shared_amiss(&lent->both, &lent->map, p, run, grain);
	}
	return amiss;
}

QUIET_TEST_F(cow, only_the_written_page_splits)
{
	size_t written = kinds[variant->kind].own;
	struct lent lent;

	scene_history("17839856fd58, 09854ba94c6a, 6c287605fd56: what is copied");
	LEND_OR_SKIP(&lent, variant->kind, variant->writer);

	for (size_t i = 1; i <= NR_EDGES; i++) {
		size_t at = edge_offset(&lent.map, i - 1);

		ASSERT_DONE(touch_in(lent.writer, variant->touch, lent.map.addr + at,
				     new_byte(lent.content, at, 0)));
		CLAIM_DATA(new_byte(lent.content, at, 0),
			   load_in(lent.writer, lent.map.addr + at));
		if (written) {
			CLAIM_STREQ("", neighbours_amiss(&lent, i, kind_grain(variant->kind)));
		}
		CLAIM_EQ(0, moved(lent.other, &lent));
		if (!kinds[variant->kind].plain)
			continue;
		CLAIM_ACCOUNTS_AGREE(pid_of(lent.writer), &lent.map);
		if (copied_as_huge(variant->kind))
			continue;
		if (need_met(NEED_PFN)) {
			CLAIM_EQ(i, moved(lent.writer, &lent));
		}
		if (kind_grain(variant->kind) == WHOLE_FOLIO)
			continue;
		CLAIM_ACCOUNT(lent.writer, &lent.map, i, written * (lent.map.pages - i), 2);
		/* Pages that were only read before do not become the other's own. */
		CLAIM_ACCOUNT(lent.other, &lent.map, written * i,
			      written * (lent.map.pages - i), 2);
	}
}

VARIANTS_ONLY(every_page) { enum page_kind kind; enum who writer; };
#define EVERY_PAGE(id, name)							\
	FIXTURE_VARIANT_ADD(every_page, name##_parent) { id, PARENT };		\
	FIXTURE_VARIANT_ADD(every_page, name##_child) { id, CHILD }
TYPICAL_KINDS(EVERY_PAGE)

QUIET_TEST_F(every_page, write_stays_with_the_writer)
{
	struct lent lent;

	LEND_OR_SKIP(&lent, variant->kind, variant->writer);

	ASSERT_DONE(touch_each_in(lent.writer, touch_by_store, &lent.map));
	CLAIM_DATA(0, changed(lent.other, &lent.map, lent.content));
	CLAIM_DATA(lent.map.pages, changed(lent.writer, &lent.map, lent.content));

	ASSERT_DONE(touch_each_in(lent.other, touch_by_store, &lent.map));
	if (kinds[variant->kind].own) {
		CLAIM_OWNED(lent.writer, &lent.map, 0, lent.map.pages, EACH_PAGE);
		CLAIM_OWNED(lent.other, &lent.map, 0, lent.map.pages,
			    kind_grain(variant->kind));
		CLAIM_ACCOUNT(lent.writer, &lent.map, lent.map.pages, 0, 1);
		CLAIM_ACCOUNT(lent.other, &lent.map, lent.map.pages, 0, 1);
	}
}

/* How a process comes to have a page no longer. */
enum leaving { EXITS, EXECS, UNMAPS, DROPS, COPIES };

static long leave(struct peer *who, enum leaving how, char *addr, size_t len)
{
	if (how == EXITS || how == EXECS)
		return how == EXITS ? peer_exit(who) : peer_exec(who);
	if (how == UNMAPS)
		return munmap_in(who, addr, len) ?:
		       (long)smaps_amount(pid_of(who), addr, len, size);
	if (how == DROPS)
		return madvise_in(who, addr, len, MADV_DONTNEED);
	return run_in(who, in_touch_each, addr, len, (long)touch_by_store);
}

/* The other side goes in some way; who stays, and what the page was. */
VARIANTS_ONLY(last_owner) { enum page_kind kind; enum leaving how; enum who stays; };
#define LAST_OWNER(id, name)							\
	FIXTURE_VARIANT_ADD(last_owner, name##_child_exits) { id, EXITS, PARENT }; \
	FIXTURE_VARIANT_ADD(last_owner, name##_child_copies) { id, COPIES, PARENT }; \
	FIXTURE_VARIANT_ADD(last_owner, name##_parent_unmaps) { id, UNMAPS, CHILD }; \
	FIXTURE_VARIANT_ADD(last_owner, name##_parent_copies) { id, COPIES, CHILD }
OWN_KINDS(LAST_OWNER)
LAST_OWNER(SWAPPED_PAGES, swapped);
FIXTURE_VARIANT_ADD(last_owner, base_child_execs) { BASE_PAGES, EXECS, PARENT };
FIXTURE_VARIANT_ADD(last_owner, base_child_unmaps) { BASE_PAGES, UNMAPS, PARENT };
FIXTURE_VARIANT_ADD(last_owner, base_child_drops) { BASE_PAGES, DROPS, PARENT };
FIXTURE_VARIANT_ADD(last_owner, base_parent_drops) { BASE_PAGES, DROPS, CHILD };

QUIET_TEST_F(last_owner, has_the_pages_to_itself)
{
	const struct kind *kind = &kinds[variant->kind];
	struct lent lent;
	size_t pages;

	LEND_OR_SKIP(&lent, variant->kind, variant->stays);
	pages = lent.map.pages;
	ASSERT_DONE(leave(lent.other, variant->how, lent.map.addr, lent.map.len));

	if (!kind->there) {
		CLAIM_SWAP(pid_of(lent.writer), &lent.map, lent.map.len, lent.map.len);
	} else {
		CLAIM_OWNED(lent.writer, &lent.map, 0, pages, kind_grain(variant->kind));
		if (kind->plain && kind_grain(variant->kind) != WHOLE_FOLIO) {
			CLAIM_ACCOUNT(lent.writer, &lent.map, pages, 0, 1);
		}
	}
	CLAIM_DATA(0, changed(lent.writer, &lent.map, lent.content));

	ASSERT_DONE(touch_each_in(lent.writer, touch_by_store, &lent.map));
	CLAIM_DATA(pages, changed(lent.writer, &lent.map, lent.content));
	CLAIM_OWNED(lent.writer, &lent.map, 0, pages, EACH_PAGE);
	if (kind->plain) {
		CLAIM_ACCOUNT(lent.writer, &lent.map, pages, 0, 1);
	}
}

QUIET_TEST_F(last_owner, writes_to_the_same_frames)
{
	const struct kind *kind = &kinds[variant->kind];
	struct lent lent;

	NEED_OR_SKIP(PFN);
	scene_history("09854ba94c6a, 17839856fd58: when a page is reused; 6c287605fd56");
	LEND_OR_SKIP(&lent, variant->kind, variant->stays);
	ASSERT_DONE(leave(lent.other, variant->how, lent.map.addr, lent.map.len));
	CLAIM_NE(0, pm_pfn(lent.before[0]));

	ASSERT_DONE(touch_each_in(lent.writer, touch_by_store, &lent.map));

	/*
	 * Part of a large folio: kernels before 6.15 copy to get rid of it; and they may
	 * copy what is in swap, or was. It is the writer's frame then, and nobody else's.
	 */
	if (kind->plain && kind->folio != BY_PTES) {
		CLAIM_EQ(0, moved(lent.writer, &lent));
	}
	CLAIM_OWNED(lent.writer, &lent.map, 0, lent.map.pages, EACH_PAGE);
	CLAIM_DATA(lent.map.pages, changed(lent.writer, &lent.map, lent.content));
}

/* The other side gives only some of the pages up. */
VARIANTS_ONLY(given_up) { enum leaving how; enum who stays; };
FIXTURE_VARIANT_ADD(given_up, child_unmaps)	{ .how = UNMAPS, .stays = PARENT };
FIXTURE_VARIANT_ADD(given_up, child_drops)	{ .how = DROPS, .stays = PARENT };
FIXTURE_VARIANT_ADD(given_up, child_copies)	{ .how = COPIES, .stays = PARENT };
FIXTURE_VARIANT_ADD(given_up, parent_unmaps)	{ .how = UNMAPS, .stays = CHILD };
FIXTURE_VARIANT_ADD(given_up, parent_drops)	{ .how = DROPS, .stays = CHILD };
FIXTURE_VARIANT_ADD(given_up, parent_copies)	{ .how = COPIES, .stays = CHILD };

QUIET_TEST_F(given_up, pages_are_owned_and_the_rest_is_shared)
{
	size_t first = 3, count = KIND_PAGES / 2, end = first + count;
	size_t rest = KIND_PAGES - count, len = count * page_size();
	struct lent lent;

	LEND_OR_SKIP(&lent, BASE_PAGES, variant->stays);

	ASSERT_DONE(leave(lent.other, variant->how, page_at(&lent.map, first), len));

	CLAIM_OWNED(lent.writer, &lent.map, first, count, EACH_PAGE);
	CLAIM_SHARED(&lent.both, &lent.map, 0, first, EACH_PAGE);
	CLAIM_SHARED(&lent.both, &lent.map, end, KIND_PAGES - end, EACH_PAGE);
	CLAIM_ACCOUNT(lent.writer, &lent.map, count, rest, 2);
	ASSERT_DONE(touch_each_in(lent.writer, touch_by_store, &lent.map));
	CLAIM_OWNED(lent.writer, &lent.map, 0, KIND_PAGES, EACH_PAGE);
	CLAIM_OWNED(lent.other, &lent.map, 0, first, EACH_PAGE);
	CLAIM_OWNED(lent.other, &lent.map, end, KIND_PAGES - end, EACH_PAGE);
	if (variant->how == DROPS) {
		CLAIM_DATA(0, changed_part(lent.other, page_at(&lent.map, first), len, zeros.addr));
	}
}

/* A process, its child and its grandchild hold the same memory. */
struct family {
	struct range map;
	struct peer child, grandchild;
	struct sharers all;
};

static int found_family(struct family *family)
{
	int ret;

	scene_add("parent", NULL, &family->map);
	ret = peer_fork(&family->child) ?: peer_fork_from(&family->child, &family->grandchild);
	if (ret)
		return ret;
	scene_add("child", &family->child, &family->map);
	scene_add("grandchild", &family->grandchild, &family->map);
	family->all = (struct sharers){ { NULL, &family->child, &family->grandchild }, 3 };
	return 0;
}

/* In which order they write; who is who is in struct family. */
VARIANTS_ONLY(generations) { enum page_kind kind; unsigned int order[3]; };
#define GENERATIONS(id, name)							\
	FIXTURE_VARIANT_ADD(generations, name##_021) { id, { 0, 2, 1 } };	\
	FIXTURE_VARIANT_ADD(generations, name##_102) { id, { 1, 0, 2 } };	\
	FIXTURE_VARIANT_ADD(generations, name##_120) { id, { 1, 2, 0 } };	\
	FIXTURE_VARIANT_ADD(generations, name##_210) { id, { 2, 1, 0 } }
TYPICAL_KINDS(GENERATIONS)
FIXTURE_VARIANT_ADD(generations, base_012) { BASE_PAGES, { 0, 1, 2 } };
FIXTURE_VARIANT_ADD(generations, base_201) { BASE_PAGES, { 2, 0, 1 } };

QUIET_TEST_F(generations, do_not_see_each_others_writes)
{
	const char *content = kind_content(variant->kind);
	unsigned long writes[3] = { 0 };
	struct family f;

	ARRANGE_OR_SKIP(&f.map, variant->kind);
	ASSERT_EQ(0, found_family(&f));

	for (size_t turn = 0; turn < 3 * NR_EDGES; turn++) {
		unsigned int i = variant->order[turn % 3];
		size_t at = edge_offset(&f.map, turn / 3);

		ASSERT_DONE(touch_in(f.all.who[i], touch_by_store, f.map.addr + at,
				     new_byte(content, at, i)));
		writes[i]++;
		CLAIM_DATA(new_byte(content, at, i), load_in(f.all.who[i], f.map.addr + at));
		for (size_t who = 0; who < 3; who++) {
			CLAIM_DATA(writes[who], changed(f.all.who[who], &f.map, content));
		}
	}
}

/* Who takes its copy of a page first, second and last. */
VARIANTS_ONLY(three_sharers) { enum page_kind kind; unsigned int order[3]; };
#define THREE_SHARERS(id, name)							\
	FIXTURE_VARIANT_ADD(three_sharers, name##_102) { id, { 1, 0, 2 } };	\
	FIXTURE_VARIANT_ADD(three_sharers, name##_210) { id, { 2, 1, 0 } }
WRITTEN_KINDS(THREE_SHARERS)
FIXTURE_VARIANT_ADD(three_sharers, base_012) { BASE_PAGES, { 0, 1, 2 } };
FIXTURE_VARIANT_ADD(three_sharers, base_120) { BASE_PAGES, { 1, 2, 0 } };
FIXTURE_VARIANT_ADD(three_sharers, base_201) { BASE_PAGES, { 2, 0, 1 } };

QUIET_TEST_F(three_sharers, become_two_and_one)
{
	enum grain grain = kind_grain(variant->kind);
	struct peer *who[3];
	struct sharers two;
	uint64_t before;
	struct family f;
	size_t last;
	char *addr;

	ARRANGE_OR_SKIP(&f.map, variant->kind);
	ASSERT_EQ(0, found_family(&f));
	last = f.map.pages - 1;
	addr = page_at(&f.map, last);
	for (size_t i = 0; i < 3; i++)
		who[i] = f.all.who[variant->order[i]];
	two = (struct sharers){ { who[1], who[2] }, 2 };
	before = pagemap_entry(0, addr);

	CLAIM_SHARED(&f.all, &f.map, 0, f.map.pages, EACH_PAGE);
	for (size_t i = 0; i < 3; i++) {
		CLAIM_ACCOUNT(who[i], &f.map, 0, f.map.pages, 3);
	}

	ASSERT_DONE(touch_in(who[0], touch_by_store, addr, 0));
	CLAIM_OWNED(who[0], &f.map, last, 1, EACH_PAGE);
	CLAIM_SHARED(&two, &f.map, last, 1, grain);
	ASSERT_DONE(touch_in(who[1], touch_by_store, addr, 0));
	CLAIM_OWNED(who[1], &f.map, last, 1, EACH_PAGE);
	CLAIM_OWNED(who[2], &f.map, last, 1, grain);
	ASSERT_DONE(touch_in(who[2], touch_by_store, addr, 0));
	if (kinds[variant->kind].folio == SMALL && need_met(NEED_PFN)) {
		CLAIM_EQ(pm_pfn(before), pm_pfn(pagemap_entry(pid_of(who[2]), addr)));
	}
	CLAIM_SHARED(&f.all, &f.map, 0, last, grain);
}

QUIET_TEST(memory_outlives_the_generation_between)
{
	struct sharers ends;
	struct family f;

	ARRANGE_OR_SKIP(&f.map, BASE_PAGES);
	ASSERT_EQ(0, found_family(&f));
	ends = (struct sharers){ { NULL, &f.grandchild }, 2 };

	ASSERT_DONE(peer_exit(&f.child));

	CLAIM_SHARED(&ends, &f.map, 0, KIND_PAGES, EACH_PAGE);
	CLAIM_ACCOUNT(NULL, &f.map, 0, KIND_PAGES, 2);
	CLAIM_ACCOUNT(&f.grandchild, &f.map, 0, KIND_PAGES, 2);
	ASSERT_DONE(touch_each_in(NULL, touch_by_store, &f.map));
	CLAIM_DATA(0, changed(&f.grandchild, &f.map, pattern.addr));
	CLAIM_OWNED(&f.grandchild, &f.map, 0, KIND_PAGES, EACH_PAGE);
	ASSERT_DONE(peer_exit(&f.grandchild));
	CLAIM_DATA(KIND_PAGES, changed(NULL, &f.map, pattern.addr));
	CLAIM_ACCOUNT(NULL, &f.map, KIND_PAGES, 0, 1);
}

/* What a child has written is lent on like anything else. */
QUIET_TEST(copies_are_shared_by_the_next_fork)
{
	struct sharers younger;
	struct lent lent;
	struct peer grandchild;

	LEND_OR_SKIP(&lent, BASE_PAGES, CHILD);
	ASSERT_DONE(touch_in(&lent.child, touch_by_store, page_at(&lent.map, 31), 0));
	ASSERT_DONE(touch_in(&lent.child, touch_by_store, page_at(&lent.map, 32), 0));

	ASSERT_DONE(peer_fork_from(&lent.child, &grandchild));
	scene_add("grandchild", &grandchild, &lent.map);
	younger = (struct sharers){ { &lent.child, &grandchild }, 2 };
	CLAIM_SHARED(&younger, &lent.map, 31, 2, EACH_PAGE);
	CLAIM_OWNED(NULL, &lent.map, 31, 2, EACH_PAGE);

	ASSERT_DONE(touch_in(&lent.child, touch_by_store, page_at(&lent.map, 31) + 9, 0));
	ASSERT_DONE(touch_in(&grandchild, touch_by_store, page_at(&lent.map, 32) + 9, 0));
	CLAIM_DATA(3, changed(&lent.child, &lent.map, pattern.addr));
	CLAIM_DATA(3, changed(&grandchild, &lent.map, pattern.addr));
	CLAIM_DATA(0, changed(NULL, &lent.map, pattern.addr));
	CLAIM_OWNED(&grandchild, &lent.map, 31, 2, EACH_PAGE);
}

/* Fork, reuse, fork: the second child gets what is there by then. */
VARIANTS_ONLY(second_fork) { enum page_kind kind; };
#define SECOND_FORK(id, name)	FIXTURE_VARIANT_ADD(second_fork, name) { .kind = id }
TYPICAL_KINDS(SECOND_FORK)

QUIET_TEST_F(second_fork, shares_again_what_was_reused)
{
	struct sharers all;
	struct lent lent;
	struct peer young;
	long written;

	LEND_OR_SKIP(&lent, variant->kind, PARENT);
	ASSERT_DONE(peer_exit(&lent.child));
	ASSERT_DONE(touch_each_in(NULL, touch_by_store, &lent.map));
	written = changed(NULL, &lent.map, lent.content);

	ASSERT_EQ(0, peer_fork(&young));
	all = (struct sharers){ { NULL, &young }, 2 };
	scene_add("second child", &young, &lent.map);
	CLAIM_SHARED(&all, &lent.map, 0, lent.map.pages, EACH_PAGE);

	pattern_fill(page_at(&lent.map, 0), page_size(), 78);
	pattern_fill(page_at(&lent.map, lent.map.pages - 1), page_size(), 79);
	CLAIM_DATA(written, changed(&young, &lent.map, lent.content));
	written = changed(NULL, &lent.map, lent.content);
	ASSERT_DONE(fill_in(&young, page_at(&lent.map, 0), page_size(), 80));
	ASSERT_DONE(fill_in(&young, page_at(&lent.map, lent.map.pages / 2), page_size(), 81));
	CLAIM_DATA(written, changed(NULL, &lent.map, lent.content));
}

/* Whether the pages of a process are none of them there. */
static ssize_t untouched(struct peer *who, const struct range *map, size_t first, size_t count)
{
	return pagemap_count(pid_of(who), page_at(map, first), count, ~PM_SOFT_DIRTY, 0);
}

VARIANTS_ONLY(untouched) { enum who writer; touch_fn touch; };
FIXTURE_VARIANT_ADD(untouched, parent_store)	{ .writer = PARENT, .touch = touch_by_store };
FIXTURE_VARIANT_ADD(untouched, child_store)	{ .writer = CHILD, .touch = touch_by_store };
FIXTURE_VARIANT_ADD(untouched, parent_syscall)	{ .writer = PARENT, .touch = touch_by_syscall };
FIXTURE_VARIANT_ADD(untouched, child_remote)	{ .writer = CHILD, .touch = touch_by_mem };

QUIET_TEST_F(untouched, pages_stay_untouched_on_both_sides)
{
	struct lent lent;

	ASSERT_EQ(0, map_private_across_tables(&lent.map, KIND_PAGES));
	for (size_t i = 0; i < KIND_PAGES; i += 2)
		pattern_fill(page_at(&lent.map, i), page_size(), (unsigned int)i);
	ASSERT_EQ(0, lend(&lent, variant->writer));
	for (size_t i = 1; i < KIND_PAGES; i += 2) {
		CLAIM_EQ(1, untouched(NULL, &lent.map, i, 1));
		CLAIM_EQ(1, untouched(&lent.child, &lent.map, i, 1));
	}
	CLAIM_ACCOUNT(NULL, &lent.map, 0, KIND_PAGES / 2, 2);
	CLAIM_ACCOUNT(&lent.child, &lent.map, 0, KIND_PAGES / 2, 2);

	for (size_t i = 1; i < KIND_PAGES; i += 4) {
		ASSERT_DONE(touch_in(lent.writer, variant->touch, page_at(&lent.map, i) + i, 9));
	}

	for (size_t i = 1; i < KIND_PAGES; i += 2) {
		CLAIM_EQ(1, untouched(lent.other, &lent.map, i, 1));
		CLAIM_EQ(i % 4 != 1, untouched(lent.writer, &lent.map, i, 1));
	}
	CLAIM_ACCOUNT(lent.other, &lent.map, 0, KIND_PAGES / 2, 2);
	CLAIM_ACCOUNT(lent.writer, &lent.map, KIND_PAGES / 4, KIND_PAGES / 2, 2);
	for (size_t i = 0; i < KIND_PAGES; i += 2) {
		CLAIM_DATA(0, diff_in(&lent.child, page_at(&lent.map, i), page_size(),
				      (unsigned int)i));
	}
	for (size_t i = 1; i < KIND_PAGES; i += 2) {
		char *addr = page_at(&lent.map, i);

		CLAIM_DATA(i % 4 == 1, changed_part(lent.writer, addr, page_size(), zeros.addr));
		CLAIM_DATA(0, changed_part(lent.other, addr, page_size(), zeros.addr));
	}
}

QUIET_TEST_F(untouched, mapping_stays_untouched_by_the_other_side)
{
	struct lent lent;

	ASSERT_EQ(0, map_private_across_tables(&lent.map, KIND_PAGES));
	ASSERT_EQ(0, lend(&lent, variant->writer));
	CLAIM_EQ(KIND_PAGES, untouched(&lent.child, &lent.map, 0, KIND_PAGES));

	ASSERT_DONE(touch_each_in(lent.writer, variant->touch, &lent.map));
	ASSERT_DONE(touch_in(lent.writer, variant->touch, page_at(&lent.map, 7), 7));

	CLAIM_EQ(KIND_PAGES, untouched(lent.other, &lent.map, 0, KIND_PAGES));
	CLAIM_ACCOUNT(lent.other, &lent.map, 0, 0, 1);
	CLAIM_ACCOUNT(lent.writer, &lent.map, KIND_PAGES, 0, 1);
	CLAIM_DATA(0, changed(lent.other, &lent.map, zeros.addr));
	CLAIM_DATA(KIND_PAGES + 1, changed(lent.writer, &lent.map, zeros.addr));
}

/* MADV_DONTFORK, MADV_WIPEONFORK: the same for each kind of page. */
VARIANTS_ONLY(advice) { enum page_kind kind; };
#define ADVISED(id, name)	FIXTURE_VARIANT_ADD(advice, name) { .kind = id }
TYPICAL_KINDS(ADVISED)

/* The part of a mapping, around its middle, that the advice is about. */
static struct range advised(const struct range *map)
{
	size_t pages = map->pages / 2;

	return (struct range){ page_at(map, map->pages / 4), pages, .len = pages * page_size() };
}

static int advise(const struct range *map, int advice)
{
	struct range part = advised(map);

	return madvise(part.addr, part.len, advice) ? -errno : 0;
}

/* As changed(), before and behind what the advice is about. */
static long changed_around(struct peer *who, const struct range *map, const char *content)
{
	struct range part = advised(map);
	size_t before = (size_t)(part.addr - map->addr), end = before + part.len;

	return changed_part(who, map->addr, before, content) +
	       changed_part(who, map->addr + end, map->len - end, content + end);
}

QUIET_TEST_F(advice, dontfork_leaves_a_hole_in_the_child)
{
	const char *content = kind_content(variant->kind);
	struct smaps inside, outside;
	struct lent lent;
	struct range part;
	char *first;

	ARRANGE_OR_SKIP(&lent.map, variant->kind);
	part = advised(&lent.map);
	first = part.addr;
	ASSERT_EQ(0, advise(&lent.map, MADV_DONTFORK));
	ASSERT_EQ(0, smaps_range(0, first, part.len, &inside));
	CLAIM_TRUE(smaps_has_flag(&inside, "dc"));
	ASSERT_EQ(0, lend(&lent, PARENT));

	ASSERT_EQ(0, smaps_range(lent.child.pid, first, part.len, &inside));
	CLAIM_EQ(0, inside.vmas);
	ASSERT_EQ(0, smaps_range(lent.child.pid, lent.map.addr, lent.map.len, &outside));
	CLAIM_EQ(lent.map.len - part.len, outside.size);
	CLAIM_DATA(FAULTED(SIGSEGV), load_in(&lent.child, first));
	CLAIM_DATA(FAULTED(SIGSEGV), store_in(&lent.child, first + part.len - 1, 1));
	CLAIM_DATA((uint8_t)first[-1], load_in(&lent.child, first - 1));
	CLAIM_DATA((uint8_t)first[part.len], load_in(&lent.child, first + part.len));
	if (kinds[variant->kind].own) {
		CLAIM_OWNED(NULL, &part, 0, part.pages, kind_grain(variant->kind));
	}
	CLAIM_DATA(0, changed_around(&lent.child, &lent.map, content));
	CLAIM_DATA(0, changed(NULL, &lent.map, content));
}

static void claim_undone(struct __test_metadata *_metadata, struct lent *lent,
			 enum page_kind kind, int advice, int undo, const char *flag)
{
	struct range part = advised(&lent->map);
	struct smaps s;
	int ret;

	ASSERT_EQ(0, advise(&lent->map, advice));
	ASSERT_EQ(0, smaps_range(0, part.addr, part.len, &s));
	CLAIM_TRUE(smaps_has_flag(&s, flag));
	ASSERT_EQ(0, advise(&lent->map, undo) ?: lend(lent, PARENT));
	/* A part of a larger VMA again, or one without the flag. */
	ret = smaps_range(0, part.addr, part.len, &s);
	if (ret != -ERANGE) {
		ASSERT_EQ(0, ret);
		CLAIM_FALSE(smaps_has_flag(&s, flag));
	}
	CLAIM_EQ(lent->map.len,
		 smaps_amount(lent->child.pid, lent->map.addr, lent->map.len, size));
	CLAIM_DATA(0, changed(&lent->child, &lent->map, kind_content(kind)));
	if (kinds[kind].own) {
		CLAIM_SHARED(&lent->both, &lent->map, 0, lent->map.pages, EACH_PAGE);
	}
}

QUIET_TEST_F(advice, dofork_undoes_dontfork)
{
	struct lent lent;

	ARRANGE_OR_SKIP(&lent.map, variant->kind);
	claim_undone(_metadata, &lent, variant->kind, MADV_DONTFORK, MADV_DOFORK, "dc");
}

QUIET_TEST_F(advice, wipeonfork_gives_the_child_zeros)
{
	const char *content = kind_content(variant->kind);
	struct range part;
	struct lent lent;
	struct smaps s;

	ARRANGE_OR_SKIP(&lent.map, variant->kind);
	part = advised(&lent.map);
	ASSERT_EQ(0, advise(&lent.map, MADV_WIPEONFORK));
	ASSERT_EQ(0, lend(&lent, PARENT));

	CLAIM_EQ(part.pages, untouched(&lent.child, &part, 0, part.pages));
	ASSERT_EQ(0, smaps_range(lent.child.pid, part.addr, part.len, &s));
	CLAIM_EQ(part.len, s.size);
	CLAIM_EQ(0, s.rss + s.swap);
	CLAIM_TRUE(smaps_has_flag(&s, "wf"));
	if (kinds[variant->kind].own) {
		CLAIM_OWNED(NULL, &part, 0, part.pages, kind_grain(variant->kind));
	}
	CLAIM_DATA(1, all_zero_in(&lent.child, part.addr, part.len));
	CLAIM_DATA(0, changed_around(&lent.child, &lent.map, content));
	ASSERT_DONE(fill_in(&lent.child, part.addr, page_size(), 3));
	ASSERT_DONE(fill_in(&lent.child, page_at(&part, part.pages - 1), page_size(), 4));
	CLAIM_DATA(0, changed(NULL, &lent.map, content));
}

QUIET_TEST(wipeonfork_holds_for_the_childs_child)
{
	struct peer grandchild;
	struct lent lent;
	struct range part;

	ARRANGE_OR_SKIP(&lent.map, BASE_PAGES);
	part = advised(&lent.map);
	ASSERT_EQ(0, advise(&lent.map, MADV_WIPEONFORK));
	ASSERT_EQ(0, lend(&lent, PARENT));
	ASSERT_DONE(fill_in(&lent.child, part.addr, part.len, 5));
	ASSERT_DONE(peer_fork_from(&lent.child, &grandchild));
	scene_add("grandchild", &grandchild, &lent.map);

	CLAIM_DATA(1, all_zero_in(&grandchild, part.addr, part.len));
	CLAIM_DATA(0, diff_in(&lent.child, part.addr, part.len, 5));
	CLAIM_DATA(0, changed_around(&grandchild, &lent.map, pattern.addr));
	CLAIM_DATA(0, changed(NULL, &lent.map, pattern.addr));
}

QUIET_TEST_F(advice, keeponfork_undoes_wipeonfork)
{
	struct lent lent;

	ARRANGE_OR_SKIP(&lent.map, variant->kind);
	claim_undone(_metadata, &lent, variant->kind, MADV_WIPEONFORK, MADV_KEEPONFORK, "wf");
}

/* Private memory only: elsewhere the two are refused, madvise(2). */
QUIET_TEST(wipeonfork_is_refused_for_shared_memory)
{
	struct range map;

	ASSERT_EQ(0, map_shared(&map, 4));
	CLAIM_EQ(-1, madvise(map.addr, map.len, MADV_WIPEONFORK));
	CLAIM_EQ(EINVAL, errno);
}

#define NR_CHILDREN	64

VARIANTS_ONLY(many) { enum page_kind kind; };
#define MANY(id, name)	FIXTURE_VARIANT_ADD(many, name) { .kind = id }
WRITTEN_KINDS(MANY)

QUIET_TEST_F(many, children_are_charged_a_part_each)
{
	struct peer children[NR_CHILDREN];
	struct sharers all = { { NULL }, 1 };
	struct range map;
	size_t pages, pss = 0;

	ARRANGE_OR_SKIP(&map, variant->kind);
	pages = map.pages;
	for (size_t i = 0; i < NR_CHILDREN; i++) {
		ASSERT_EQ(0, peer_fork(&children[i]));
		all.who[all.n++] = &children[i];
	}
	scene_add("parent", NULL, &map);
	scene_add("last child", &children[NR_CHILDREN - 1], &map);

	CLAIM_SHARED(&all, &map, 0, pages, EACH_PAGE);
	/* Each is told its part in kB, rounded down. */
	for (size_t i = 0; i < all.n; i++) {
		CLAIM_ACCOUNT(all.who[i], &map, 0, pages, all.n);
		pss += smaps_amount(pid_of(all.who[i]), map.addr, map.len, pss);
	}
	CLAIM_LE(pss, map.len);
	CLAIM_GT(pss + 1024 * all.n, map.len);

	/* One copies a page, one unmaps all: two and one sharers less. */
	ASSERT_DONE(store_in(&children[20], page_at(&map, 5), 0));
	CLAIM_OWNED(&children[20], &map, 5, 1, EACH_PAGE);
	ASSERT_DONE(peer_exit(&children[NR_CHILDREN - 1]));
	all.n--;
	all.who[21] = all.who[--all.n];
	CLAIM_SHARED(&all, &map, 5, 1, kind_grain(variant->kind));
	all.who[all.n++] = &children[20];
	CLAIM_SHARED(&all, &map, 6, pages - 6, kind_grain(variant->kind));

	for (size_t i = 0; i < NR_CHILDREN - 1; i++) {
		ASSERT_DONE(peer_exit(&children[i]));
	}
	CLAIM_OWNED(NULL, &map, 0, pages, kind_grain(variant->kind));
	CLAIM_ACCOUNT(NULL, &map, pages, 0, 1);
	CLAIM_DATA(0, changed(NULL, &map, pattern.addr));
}

/* A process on the memory of its parent, and what holds it there. */
struct cohabitant {
	struct range map;
	int ready[2], hold[2];
	bool held;
};

static int write_in_parents_memory(void *arg)
{
	struct cohabitant *c = arg;
	char byte;

	for (size_t i = 0; i < c->map.pages; i++)
		c->map.addr[i * page_size() + i] = 0;
	if (!c->held)
		return 0;
	return write(c->ready[1], "r", 1) != 1 || read(c->hold[0], &byte, 1) != 1;
}

VARIANTS_ONLY(same_memory) { int flags; };
FIXTURE_VARIANT_ADD(same_memory, clone_vm)	{ .flags = CLONE_VM };
FIXTURE_VARIANT_ADD(same_memory, vfork)		{ .flags = CLONE_VM | CLONE_VFORK };

QUIET_TEST_F(same_memory, does_not_split)
{
	static char stack[1 << 16];
	struct cohabitant c = { .held = !(variant->flags & CLONE_VFORK) };
	uint64_t before[KIND_PAGES], after[KIND_PAGES];
	int status;
	pid_t pid;

	ARRANGE_OR_SKIP(&c.map, BASE_PAGES);
	scene_add("both", NULL, &c.map);
	ASSERT_EQ(0, pipe2(c.ready, O_CLOEXEC) | pipe2(c.hold, O_CLOEXEC));
	ASSERT_EQ(0, pagemap_read(0, c.map.addr, KIND_PAGES, before));

	/* In the middle, whichever way stacks grow. */
	pid = clone(write_in_parents_memory, stack + sizeof(stack) / 2,
		    variant->flags | SIGCHLD, &c);
	ASSERT_GT(pid, 0);
	if (c.held) {
		ASSERT_EQ(1, poll(&(struct pollfd){ c.ready[0], POLLIN, 0 }, 1, 20000));
	}

	ASSERT_EQ(0, pagemap_read(0, c.map.addr, KIND_PAGES, after));
	CLAIM_EQ(0, entries_that_differ(before, after, KIND_PAGES));
	CLAIM_OWNED(NULL, &c.map, 0, KIND_PAGES, EACH_PAGE);
	CLAIM_ACCOUNT(NULL, &c.map, KIND_PAGES, 0, 1);
	CLAIM_DATA(KIND_PAGES, changed(NULL, &c.map, pattern.addr));
	CLAIM_EQ(1, write(c.hold[1], "g", 1));
	CLAIM_EQ(pid, waitpid(pid, &status, 0));
	CLAIM_DATA(0, exit_answer(status));
	CLAIM_OWNED(NULL, &c.map, 0, KIND_PAGES, EACH_PAGE);
}

/* Who brings pages that are swapped out in, before who writes. */
VARIANTS_ONLY(swapped_at_fork) { enum who reader, writer; };
FIXTURE_VARIANT_ADD(swapped_at_fork, writer_reads_parent) { PARENT, PARENT };
FIXTURE_VARIANT_ADD(swapped_at_fork, writer_reads_child) { CHILD, CHILD };
FIXTURE_VARIANT_ADD(swapped_at_fork, other_reads_child) { CHILD, PARENT };
FIXTURE_VARIANT_ADD(swapped_at_fork, other_reads_parent) { PARENT, CHILD };

QUIET_TEST_F(swapped_at_fork, pages_are_seen_and_split_like_others)
{
	struct peer *reader;
	struct lent lent;

	scene_history("6c287605fd56: who may write to a page that was shared");
	LEND_OR_SKIP(&lent, SWAPPED_PAGES, variant->writer);
	reader = lent.both.who[variant->reader];
	CLAIM_SWAP(0, &lent.map, lent.map.len, lent.map.len / 2);
	CLAIM_SWAP(lent.child.pid, &lent.map, lent.map.len, lent.map.len / 2);

	/* One in three is read by nobody before, and one by both. */
	for (size_t i = 0; i < KIND_PAGES; i++) {
		const char *then = pattern.addr + i * page_size();
		char *addr = page_at(&lent.map, i);

		if (i % 3) {
			CLAIM_DATA(0, changed_part(reader, addr, page_size(), then));
		}
		if (i % 3 == 2) {
			CLAIM_DATA(0, changed_part(lent.other, addr, page_size(), then));
			CLAIM_DATA(0, changed_part(lent.writer, addr, page_size(), then));
		}
		ASSERT_DONE(touch_in(lent.writer, touch_by_store, addr + 9, new_byte(then, 9, 0)));
		CLAIM_DATA((uint8_t)then[9], load_in(lent.other, addr + 9));
		CLAIM_DATA(new_byte(then, 9, 0), load_in(lent.writer, addr + 9));
	}
	CLAIM_DATA(KIND_PAGES, changed(lent.writer, &lent.map, pattern.addr));
	CLAIM_DATA(0, changed(lent.other, &lent.map, pattern.addr));
	CLAIM_OWNED(lent.writer, &lent.map, 0, KIND_PAGES, EACH_PAGE);
	CLAIM_OWNED(lent.other, &lent.map, 0, KIND_PAGES, EACH_PAGE);
	CLAIM_SWAP(0, &lent.map, 0, 0);
	CLAIM_SWAP(lent.child.pid, &lent.map, 0, 0);
	CLAIM_ACCOUNTS_AGREE(0, &lent.map);
	ASSERT_DONE(touch_in(lent.other, touch_by_store, lent.map.addr + 5, 0));
	CLAIM_DATA(KIND_PAGES, changed(lent.writer, &lent.map, pattern.addr));
	CLAIM_DATA(1, changed(lent.other, &lent.map, pattern.addr));

	ASSERT_DONE(peer_exit(&lent.child));
	CLAIM_DATA(variant->writer == PARENT ? KIND_PAGES : 1,
		   changed(NULL, &lent.map, pattern.addr));
	CLAIM_ACCOUNTS_AGREE(0, &lent.map);
}

/* Who writes past the protection of whose memory. */
enum force { OWN_MEM, CHILDS_MEM, TRACER };

VARIANTS_ONLY(forced) { enum page_kind kind; enum force how; enum who target; };
#define FORCED(id, name)							\
	FIXTURE_VARIANT_ADD(forced, name##_parent_itself) { id, OWN_MEM, PARENT }; \
	FIXTURE_VARIANT_ADD(forced, name##_child_itself) { id, OWN_MEM, CHILD }; \
	FIXTURE_VARIANT_ADD(forced, name##_tracer) { id, TRACER, CHILD }
TYPICAL_KINDS(FORCED)
FIXTURE_VARIANT_ADD(forced, base_parent_to_child) { BASE_PAGES, CHILDS_MEM, CHILD };

static long force(const struct lent *lent, enum force how, char *addr, uint8_t byte)
{
	if (how == OWN_MEM)
		return touch_in(lent->writer, touch_by_mem, addr, byte);
	if (how == CHILDS_MEM)
		return touch_mem_of(lent->child.pid, addr, byte);
	return trace_poke(lent->child.pid, addr, byte);
}

QUIET_TEST_F(forced, write_to_readonly_memory_splits_it)
{
	const char *content = kind_content(variant->kind);
	struct lent lent;

	NEED_ONE_OR_SKIP(variant->how == TRACER ? NEED_PTRACE : NEED_FORCE);
	scene_history("CVE-2016-5195, CVE-2022-2590: forced writes that went to the original");
	ARRANGE_OR_SKIP(&lent.map, variant->kind);
	ASSERT_EQ(0, mprotect(lent.map.addr, lent.map.len, PROT_READ));
	ASSERT_EQ(0, lend(&lent, variant->target));

	for (size_t i = 0; i < NR_EDGES; i++) {
		size_t at = edge_offset(&lent.map, i), page = edge(&lent.map, i);
		char *addr = lent.map.addr + at;
		uint64_t entry;

		ASSERT_DONE(force(&lent, variant->how, addr, new_byte(content, at, 0)));
		entry = entry_in(&lent, lent.writer, page);
		CLAIM_DATA(new_byte(content, at, 0), load_in(lent.writer, addr));
		CLAIM_EQ(0, moved(lent.other, &lent));
		CLAIM_OWNED(lent.writer, &lent.map, page, 1, EACH_PAGE);
		CLAIM_DATA(FAULTED(SIGSEGV), touch_in(lent.writer, touch_by_store, addr, 0));
		CLAIM_DATA(-EFAULT, touch_in(lent.writer, touch_by_syscall, addr, 0));
		ASSERT_DONE(force(&lent, variant->how, addr, new_byte(content, at, 1)));
		CLAIM_EQ(0, (entry ^ entry_in(&lent, lent.writer, page)) & ~PM_SOFT_DIRTY);
		CLAIM_DATA(FAULTED(SIGSEGV), touch_in(lent.other, touch_by_store, addr, 0));
	}
	CLAIM_DATA(NR_EDGES, changed(lent.writer, &lent.map, content));
	CLAIM_DATA(0, changed(lent.other, &lent.map, content));
	ASSERT_EQ(0, mprotect(lent.map.addr, lent.map.len, PROT_READ | PROT_WRITE));
	ASSERT_DONE(touch_each_in(NULL, touch_by_store, &lent.map));
	CLAIM_DATA(lent.writer ? NR_EDGES : 0, changed(&lent.child, &lent.map, content));
}

static unsigned long word_at(const struct range *map, size_t i, size_t words)
{
	return __atomic_load_n((unsigned long *)(map->addr + i * (map->len / words)),
			       __ATOMIC_RELAXED);
}

/* So long in any case, and longer where there were only a few forks by then. */
#define SNAPSHOT_MS	15
#define SNAPSHOT_MOST_MS 900
#define SNAPSHOT_FORKS	24
#define SNAPSHOT_WORDS	16

/* In a child: do words change while the writer goes on writing? */
static bool snapshot_changes(const struct range *map, const struct worker *writer)
{
	unsigned long first[SNAPSHOT_WORDS], round;
	long long deadline = patience_until(200);
	bool changes = false;

	for (size_t i = 0; i < SNAPSHOT_WORDS; i++)
		first[i] = word_at(map, i, SNAPSHOT_WORDS);
	/* One round is under way, the next goes to all words: no less will do. */
	round = worker_rounds(writer);
	while (worker_rounds(writer) < round + 3 && patience_now() < deadline)
		;
	for (size_t i = 0; i < SNAPSHOT_WORDS; i++)
		changes |= first[i] != word_at(map, i, SNAPSHOT_WORDS);
	return changes;
}

/*
 * fork(), but the caller goes on only when the child has ended: what it would
 * write meanwhile, to its stack to begin with, has the kernel flush TLBs, and
 * might make up for a flush that fork forgot.
 */
static pid_t fork_and_stop(void)
{
#ifdef __NR_clone3
	struct clone_args args = { .flags = CLONE_VFORK, .exit_signal = SIGCHLD };
	pid_t pid = (pid_t)syscall(__NR_clone3, &args, sizeof(args));

	if (pid >= 0)
		return pid;
#endif
	return fork();
}

/* By a PTE, by a PMD: what the page is makes no difference to TLBs. */
VARIANTS_ONLY(snapshot) { enum page_kind kind; };
FIXTURE_VARIANT_ADD(snapshot, base)		{ .kind = BASE_PAGES };
FIXTURE_VARIANT_ADD(snapshot, pmd_thp)		{ .kind = PMD_THP };

QUIET_TEST_F(snapshot, does_not_change_while_the_parent_goes_on_writing)
{
	struct worker writer;
	struct words words;
	struct range map;
	long long start;
	int status = 0;
	pid_t pid;

	NEED_OR_SKIP(CPUS);
	ARRANGE_OR_SKIP(&map, variant->kind);
	scene_add("parent", NULL, &map);
	words = (struct words){ map.addr, map.len / SNAPSHOT_WORDS, SNAPSHOT_WORDS };
	ASSERT_EQ(0, worker_start(&writer, write_words, &words));

	start = patience_now();
	for (int forks = 0; !status && patience_now() < start +
	     (forks < SNAPSHOT_FORKS ? SNAPSHOT_MOST_MS : SNAPSHOT_MS); forks++) {
		pid = fork_and_stop();
		if (!pid)
			_exit(snapshot_changes(&map, &writer));
		ASSERT_EQ(pid, waitpid(pid, &status, 0));
	}

	CLAIM_DATA(0, exit_answer(status));
	ASSERT_EQ(0, worker_stop(&writer));
	CLAIM_DATA(worker_rounds(&writer), *(unsigned long *)map.addr);
}

/*
 * The parent's CPU has just written to the page, and nothing but fork itself
 * comes between that and its next write.
 */
VARIANTS_ONLY(right_after_fork) { enum page_kind kind; };
#define RIGHT_AFTER_FORK(id, name)	FIXTURE_VARIANT_ADD(right_after_fork, name) { .kind = id }
WRITTEN_KINDS(RIGHT_AFTER_FORK)

QUIET_TEST_F(right_after_fork, write_is_not_seen_by_the_child)
{
	int status, go[2];
	char byte = 'g';
	struct range map;
	pid_t pid;

	ARRANGE_OR_SKIP(&map, variant->kind);
	scene_add("parent", NULL, &map);
	ASSERT_EQ(0, pipe2(go, O_CLOEXEC));

	for (size_t i = 0; i < 2 * NR_EDGES; i++) {
		char *addr = page_at(&map, edge(&map, i % NR_EDGES)) + i;

		__atomic_store_n(addr, 'a', __ATOMIC_RELAXED);
		pid = fork();
		if (pid > 0)
			__atomic_store_n(addr, 'b', __ATOMIC_RELAXED);
		if (!pid)
			_exit(read(go[0], &byte, 1) != 1 ||
			      __atomic_load_n(addr, __ATOMIC_RELAXED) != 'a');
		ASSERT_EQ(1, write(go[1], &byte, 1));
		ASSERT_EQ(pid, waitpid(pid, &status, 0));
		CLAIM_DATA(0, exit_answer(status));
		CLAIM_DATA('b', *addr);
	}
}

#define PAGES_MERGED	8

/* What is claimed here no reclaim and no migration can change. */
LOUD_TEST(merged_pages_split_like_forked_ones)
{
	struct range one, other;
	struct peer child;
	size_t len;

	NEED_OR_SKIP(KSM);
	NEED_OR_SKIP(PFN);
	ASSERT_EQ(0, map_private(&one, PAGES_MERGED));
	ASSERT_EQ(0, map_private(&other, PAGES_MERGED));
	len = one.len;
	memcpy(one.addr, pattern.addr, len);
	memcpy(other.addr, pattern.addr, len);
	DONE_OR_SKIP(ksm_merge(&one, &other), "ksmd did not come round");
	scene_add("one", NULL, &one);
	scene_add("other", NULL, &other);

	ASSERT_DONE(store(page_at(&one, 3) + 5, 0));
	CLAIM_DATA(0, pattern_diff(other.addr, len, 1));
	CLAIM_DATA(1, pattern_diff(one.addr, len, 1));
	CLAIM_NE(pm_pfn(pagemap_entry(0, page_at(&one, 3))),
		 pm_pfn(pagemap_entry(0, page_at(&other, 3))));

	ASSERT_EQ(0, peer_fork(&child));
	ASSERT_DONE(store_in(&child, page_at(&one, 4), 0));
	ASSERT_DONE(store(page_at(&other, 5), 0));
	CLAIM_DATA(1, pattern_diff(one.addr, len, 1));
	CLAIM_DATA(1, pattern_diff(other.addr, len, 1));
	CLAIM_DATA(2, diff_in(&child, one.addr, len, 1));
	CLAIM_DATA(0, diff_in(&child, other.addr, len, 1));
	ASSERT_DONE(touch_by_mem(page_at(&other, 6), 0));
	CLAIM_DATA(1, pattern_diff(one.addr, len, 1));
	CLAIM_DATA(2, pattern_diff(other.addr, len, 1));
	CLAIM_DATA(0, diff_in(&child, other.addr, len, 1));
	ASSERT_DONE(peer_exit(&child));
}

int main(int argc, char **argv)
{
	program_begin(argc, argv);
	provide_swap_and_stay();
	if (kinds_begin())
		ksft_exit_fail_msg("no memory\n");
	need_end();
	return test_harness_run(argc, argv);
}
