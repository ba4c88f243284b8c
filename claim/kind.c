// SPDX-License-Identifier: GPL-2.0
/* Kinds of pages as cases have them: needs, contents, and what is told of them. */
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
	if (need_met(NEED_THP))
		huge_grain(false);
	return 0;
}

/* Are there folios of this size, two of which are fit for tests? */
static bool folios_met(enum page_kind kind)
{
	size_t size = kinds[kind].folio_pages * page_size();

	return 2 * size <= THP_MOST_BYTES && need_folios_met(size);
}

/**
 * kind_unmet - what it takes to have pages of a kind, and is not there
 * @kind: which
 *
 * Return: the first need that is not met, or NO_NEED.
 */
enum need kind_unmet(enum page_kind kind)
{
	for (size_t i = 0; i < 2; i++) {
		enum need need = needs[kind][i];

		if (need == NEED_MTHP ? !folios_met(kind) : !need_met(need))
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
	if (needs[kind][0] == NEED_KSM)
		attempt_merges();
	return arrange_pages(map, kind, kind_content(kind));
}
