/* SPDX-License-Identifier: GPL-2.0 */
/* Private anonymous memory in each of the forms that a page of it can have. */
#ifndef ANONMEM_ACT_KIND_H
#define ANONMEM_ACT_KIND_H

#include "mapping.h"

enum page_kind {
	BASE_PAGES,
	HUGE_PAGE,		/* mapped by a PMD */
	SPLIT_HUGE_PAGE,	/* one folio, mapped by PTEs */
	SWAPPED_PAGES,
	ZERO_PAGES,		/* only read so far: the shared zero page */
	HUGE_ZERO_PAGE,
};

#define KIND_PAGES	64	/* of the kinds that are not huge */

size_t kind_most_bytes(void);
int arrange_pages(struct mapping *map, enum page_kind kind, const void *content);

#endif /* ANONMEM_ACT_KIND_H */
