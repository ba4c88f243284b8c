/* SPDX-License-Identifier: GPL-2.0 */
/* Kinds of pages as cases have them: in lists of variants, with needs and contents, and lent. */
#ifndef ANONMEM_CLAIM_KIND_H
#define ANONMEM_CLAIM_KIND_H

#include <stdint.h>

#include "../act/kind.h"
#include "../act/peer.h"
#include "need.h"
#include "sharing.h"

/*
 * Lists that variants are made of, x(ID, name) for each.  All kinds; those that
 * differ in more than a size; and of these the ones that smaps counts as it
 * always does, that are the process's own, or both.
 */
#define EVERY_KIND(x)		PAGE_KINDS(KIND_IF_ANY, x)
#define TYPICAL_KINDS(x)	PAGE_KINDS(KIND_IF_TYPICAL, x)
#define PLAIN_KINDS(x)		PAGE_KINDS(KIND_IF_PLAIN, x)
#define OWN_KINDS(x)		PAGE_KINDS(KIND_IF_OWN, x)
#define WRITTEN_KINDS(x)	PAGE_KINDS(KIND_IF_WRITTEN, x)

#define KIND_IF_ANY(x, id, name, ...)		IF_YES(x(id, name);)
#define KIND_IF_TYPICAL(x, id, name, typical, ...)				\
	IF_##typical(x(id, name);)
#define KIND_IF_PLAIN(x, id, name, typical, there, own, plain, ...)		\
	IF_##typical(IF_##plain(x(id, name);))
#define KIND_IF_OWN(x, id, name, typical, there, own, ...)			\
	IF_##typical(IF_##own(x(id, name);))
#define KIND_IF_WRITTEN(x, id, name, typical, there, own, plain, ...)		\
	IF_##typical(IF_##own(IF_##plain(x(id, name);)))
#define IF_YES(...)	__VA_ARGS__
#define IF_NO(...)

/*
 * What the pages hold before anybody splits them.  It is shared memory, so
 * that nothing these cases are about can happen to it.
 */
extern struct range pattern, zeros;

static inline const char *kind_content(enum page_kind kind)
{
	return kinds[kind].holds == ZEROS ? zeros.addr : pattern.addr;
}

/* How finely the kernel tells the pages of a kind apart. */
static inline enum grain kind_grain(enum page_kind kind)
{
	return kinds[kind].folio == SMALL ? EACH_PAGE : huge_grain(kinds[kind].folio == BY_PMD);
}

int kinds_begin(void);
enum need kind_unmet(enum page_kind kind);
int kind_arrange(struct range *map, enum page_kind kind);

/* Pages of a kind; a case that cannot have them here and now ends here. */
#define ARRANGE_OR_SKIP(map, kind)						\
	do {									\
		enum need unmet = kind_unmet(kind);				\
										\
		NEED_THAT_OR_SKIP(unmet == NO_NEED, unmet);			\
		DONE_OR_SKIP(kind_arrange(map, kind), kinds[kind].want);	\
	} while (0)

/* Memory that a parent and its child hold together, from fork on. */
struct lent {
	struct range map;	/* before lend() */
	struct peer child;
	struct sharers both;
	struct peer *writer, *other;
	uint64_t *before;	/* the pagemap entries before the fork */
	const char *content;	/* of its kind */
};

enum who { PARENT, CHILD };

int lend(struct lent *lent, enum who writer);
size_t entries_that_differ(const uint64_t *one, const uint64_t *other, size_t pages);
long moved(struct peer *who, const struct lent *lent);
long in_count_changed(void *addr, size_t len, long content);

/* Pages of a kind that are lent; a case that cannot have them here and now ends here. */
#define LEND_OR_SKIP(lent, kind, writer)					\
	do {									\
		ARRANGE_OR_SKIP(&(lent)->map, kind);				\
		(lent)->content = kind_content(kind);				\
		ASSERT_EQ(0, lend(lent, writer));				\
	} while (0)

/* In the caller, with NULL for @who, or in a peer: how many bytes are not @content's. */
#define changed_part(who, addr, len, content) \
	run_in(who, in_count_changed, addr, len, (long)(content))
#define changed(who, map, content)	changed_part(who, (map)->addr, (map)->len, content)

#endif /* ANONMEM_CLAIM_KIND_H */
