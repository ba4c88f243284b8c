/* SPDX-License-Identifier: GPL-2.0 */
/* Memory is mapped here by huge pages and large folios, whose settings borrow/thp.h has. */
#ifndef ANONMEM_ACT_HUGEPAGE_H
#define ANONMEM_ACT_HUGEPAGE_H

#include "range.h"

int map_folio(struct range *map, size_t size);
int map_folios(struct range *map, size_t size);
int map_thp(struct range *map);
int map_huge_zero_page(struct range *map);
int thp_map_by_ptes(struct range *map);

#endif /* ANONMEM_ACT_HUGEPAGE_H */
