/* SPDX-License-Identifier: GPL-2.0 */
/* Transparent huge pages of the size that one PMD maps. */
#ifndef ANONMEM_ACT_HUGEPAGE_H
#define ANONMEM_ACT_HUGEPAGE_H

#include <stdbool.h>

#include "mapping.h"

/* More would not fit small machines: 64 KiB pages make huge ones of 512 MiB. */
#define HUGE_PAGE_MOST	(4 << 20)

struct settings;

size_t huge_page_size(void);
bool huge_pages_allowed(void);
void huge_pages_allow(struct settings *settings);
bool huge_pages_size_allowed(size_t size);
size_t huge_pages_next_size(size_t than);
void huge_pages_allow_size(struct settings *settings, size_t size);
void huge_pages_allow_sizes(struct settings *settings);
void huge_setting_change(struct settings *settings, const char *path, const char *value);
bool huge_zero_allowed(void);
void huge_zero_allow(struct settings *settings);
int map_huge_of(struct mapping *map, size_t size);
int map_folios(struct mapping *map, size_t size);
int map_huge(struct mapping *map);
int map_huge_zero(struct mapping *map);
int huge_split_mapping(struct mapping *map);

#endif /* ANONMEM_ACT_HUGEPAGE_H */
