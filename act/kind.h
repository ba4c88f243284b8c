/* SPDX-License-Identifier: GPL-2.0 */
/* Private anonymous memory in each of the forms that a page of it can have. */
#ifndef ANONMEM_ACT_KIND_H
#define ANONMEM_ACT_KIND_H

#include "range.h"

enum page_kind {
	BASE_PAGES,
	HUGE_PAGE,		/* mapped by a PMD */
	SPLIT_HUGE_PAGE,	/* one folio, mapped by PTEs */
	SWAPPED_PAGES,
	ZERO_PAGES,		/* only read so far: the shared zero page */
	HUGE_ZERO_PAGE,
	SWAP_CACHED_PAGES,	/* read in again, and still in the swap cache */
	MERGED_PAGES,		/* each by KSM, with another page of the process */
	FOLIOS_OF_4,		/* large folios below a PMD's size, of so many pages */
	FOLIOS_OF_8,
	FOLIOS_OF_16,
	FOLIOS_OF_32,
	FOLIOS_OF_64,
	FOLIOS_OF_128,
	FOLIOS_OF_256,
};

#define KIND_PAGES	64	/* of the kinds that are not huge */

/* Of how many pages the folios are where they are large, else 0. */
static inline size_t kind_folio_pages(enum page_kind kind)
{
	return kind < FOLIOS_OF_4 ? 0 : (size_t)4 << (kind - FOLIOS_OF_4);
}

size_t kind_most_bytes(void);
int arrange_pages(struct range *map, enum page_kind kind, const void *content);

#endif /* ANONMEM_ACT_KIND_H */
