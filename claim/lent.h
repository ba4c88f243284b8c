/* SPDX-License-Identifier: GPL-2.0 */
/* Memory that a parent and its child hold together, from fork on. */
#ifndef ANONMEM_CLAIM_LENT_H
#define ANONMEM_CLAIM_LENT_H

#include <stdint.h>

#include "../act/peer.h"
#include "../act/range.h"
#include "kind.h"

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

#endif /* ANONMEM_CLAIM_LENT_H */
