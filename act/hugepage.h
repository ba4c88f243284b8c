/* SPDX-License-Identifier: GPL-2.0 */
/* Memory is mapped here by huge pages and large folios, whose settings borrow/thp.h has. */
#ifndef ANONMEM_ACT_HUGEPAGE_H
#define ANONMEM_ACT_HUGEPAGE_H

#include "range.h"

/* Maps a folio of a size, how is up to it: 0, -EAGAIN for want of contiguous memory, or -errno. */
typedef int (*map_large_fn)(struct range *map, size_t size, int how);

int thp_insist(struct range *map, size_t size, map_large_fn try, int how, const char *refused);
int map_folio(struct range *map, size_t size);
int map_folios(struct range *map, size_t size);
int map_thp(struct range *map);
int map_huge_zero_page(struct range *map);
int thp_map_by_ptes(struct range *map);

#endif /* ANONMEM_ACT_HUGEPAGE_H */
