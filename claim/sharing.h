/* SPDX-License-Identifier: GPL-2.0 */
/* Whose pages are whose: what processes that came of one fork map alike. */
#ifndef ANONMEM_CLAIM_SHARING_H
#define ANONMEM_CLAIM_SHARING_H

#include <stdbool.h>
#include <stddef.h>

#include "../act/peer.h"
#include "../act/range.h"
#include "scene.h"

/*
 * Known, and looked for before it is left out: before 2c1f057e5be6 (6.11), and again since
 * 6.15, where what looks at the page of each entry always looks at the first.
 */
#define DEFECT_BIT_56	"below a PMD pagemap has the first page's exclusive bit for each page"

/* How finely the kernel tells the pages of a folio apart. */
enum grain {
	EACH_PAGE,
	NOT_BIT_56,	/* mapcounts do, and DEFECT_BIT_56 */
	WHOLE_FOLIO,	/* what differs within a folio is not told */
};

/* Processes, NULL for the caller, that have a mapping at the same place. */
struct sharers {
	struct peer *who[80];
	size_t n;
};

enum grain huge_grain(bool by_pmd);
const char *shared_amiss(const struct sharers *sharers, const struct range *map,
			 size_t first, size_t count, enum grain grain);
const char *account_amiss(struct peer *who, const struct range *map, size_t owned,
			  size_t shared, size_t sharers);

static inline const char *owned_amiss(struct peer *owner, const struct range *map, size_t first,
				      size_t count, enum grain grain)
{
	return shared_amiss(&(struct sharers){ { owner }, 1 }, map, first, count, grain);
}

/* Pages are mapped by all of the processes, from the same frames. */
#define CLAIM_SHARED(sharers, map, first, count, grain) \
	CLAIM_STREQ("", shared_amiss(sharers, map, first, count, grain))

/* Pages are present and nobody's but the owner's. */
#define CLAIM_OWNED(owner, map, first, count, grain) \
	CLAIM_STREQ("", owned_amiss(owner, map, first, count, grain))

/* smaps counts so many pages of its own, so many of so many processes'. */
#define CLAIM_ACCOUNT(who, map, owned, shared, sharers) \
	CLAIM_STREQ("", account_amiss(who, map, owned, shared, sharers))

#endif /* ANONMEM_CLAIM_SHARING_H */
