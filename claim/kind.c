// SPDX-License-Identifier: GPL-2.0
/* Kinds of pages as cases have them, with needs and contents, and lend them to a child. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../act/access.h"
#include "../borrow/thp.h"
#include "../observe/pagemap.h"
#include "attempt.h"
#include "kind.h"

struct range pattern, zeros;

#define NEED_NOTHING	NO_NEED
#define NEEDS_ROW(x, id, name, t, th, o, pl, h, f, order, fn, one, other, w)	\
	[id] = { NEED_##one, NEED_##other },
static const enum need needs[][2] = { PAGE_KINDS(NEEDS_ROW, 0) };

/**
 * kinds_begin - have ready what the pages of all kinds hold
 *
 * To be called once, from main().
 *
 * Return: 0 or -errno.
 */
int kinds_begin(void)
{
	size_t pages = kind_most_bytes() / page_size();
	int ret = map_shared(&pattern, pages) ?: map_shared(&zeros, pages);

	if (ret)
		return ret;
	pattern_fill(pattern.addr, pattern.len, 1);
	if (need_take(NEED_THP))
		huge_grain(false);
	return 0;
}

/**
 * kind_unmet - take what it takes to have pages of a kind, see need_take()
 * @kind: which
 *
 * Return: the first need that is not met, or NO_NEED.
 */
enum need kind_unmet(enum page_kind kind)
{
	size_t size = kinds[kind].folio_pages * page_size();

	for (size_t i = 0; i < 2; i++) {
		enum need need = needs[kind][i];

		/* Of folios of some size, two have to be fit for tests. */
		if (need == NEED_MTHP ? 2 * size > THP_MOST_BYTES || !need_take_folios(size) :
					!need_take(need))
			return need;
	}
	return NO_NEED;
}

/**
 * kind_arrange - arrange_pages() with kind_content(), in an attempt
 * @map: where to describe the mapping
 * @kind: of which kind
 *
 * Return: as arrange_pages().
 */
int kind_arrange(struct range *map, enum page_kind kind)
{
	if (kinds[kind].folio != SMALL)
		attempt_struck_by(HUGE);
	return arrange_pages(map, kind, kind_content(kind));
}

/**
 * lend - fork a child that has the same memory
 * @lent: what describes it; its map is set, the rest is to be
 * @writer: who is to write
 *
 * Both are added to the scene.
 *
 * Return: 0 or -errno.
 */
int lend(struct lent *lent, enum who writer)
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

/**
 * entries_that_differ - compare pagemap entries of the same pages
 * @one: some
 * @other: as they were at another time, or in another process
 * @pages: how many
 *
 * What hides frames says of two alike that neither is known: these are compared
 * only where they are to be seen.  Elsewhere a case has something else tell whether
 * a page was copied: PM_EXCLUSIVE, or what smaps calls shared.
 *
 * Return: how many differ, apart from bits that are told otherwise.
 */
size_t entries_that_differ(const uint64_t *one, const uint64_t *other, size_t pages)
{
	uint64_t bits = ~(PM_EXCLUSIVE | PM_SOFT_DIRTY);
	size_t differ = 0;

	if (!need_met(NEED_PFN))
		bits &= ~pm_pfn(~0ULL);
	for (size_t i = 0; i < pages; i++)
		differ += !!((one[i] ^ other[i]) & bits);
	return differ;
}

/**
 * moved - how many pages are not where the parent had them before the fork
 * @who: in which process, NULL for the caller
 * @lent: what it holds
 *
 * Return: the number, or -errno.
 */
long moved(struct peer *who, const struct lent *lent)
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

/**
 * in_count_changed - how many bytes are not what they were at first
 * @addr: where
 * @len: of how many bytes, a multiple of 256
 * @content: what they were
 *
 * Return: the number.
 */
long in_count_changed(void *addr, size_t len, long content)
{
	const char *now = addr, *then = (const char *)content;
	const size_t step = 256;	/* most of them are equal: memcmp() is fast */
	long changed = 0;

	for (size_t at = 0; at < len; at += step) {
		if (!memcmp(now + at, then + at, step))
			continue;
		for (size_t i = at; i < at + step; i++)
			changed += now[i] != then[i];
	}
	return changed;
}
