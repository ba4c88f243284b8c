/* SPDX-License-Identifier: GPL-2.0 */
/* What tests map is described and mapped here so that no neighbour merges with it. */
#ifndef ANONMEM_ACT_RANGE_H
#define ANONMEM_ACT_RANGE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/types.h>

/* What the tests map, with an inaccessible page or more on either side. */
struct range {
	char *addr;
	size_t pages;
	size_t len;		/* in bytes */
	char *reserved;
	size_t reserved_len;
};

/* The address of a mapping's page. */
static inline char *page_at(const struct range *map, size_t page)
{
	return map->addr + page * (map->len / map->pages);
}

size_t page_table_span(void);
int map_pages(struct range *map, size_t pages, int prot, int flags, int fd, off_t offset);
int map_across_tables(struct range *map, size_t pages, int prot, int flags, int fd,
		      off_t offset);
int map_private_aligned(struct range *map, size_t pages, size_t align);
int unmap(struct range *map);
bool advice_known(int advice);

/* map_pages() and map_across_tables() of anonymous memory to read and write. */
static inline int map_private(struct range *map, size_t pages)
{
	return map_pages(map, pages, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

static inline int map_shared(struct range *map, size_t pages)
{
	return map_pages(map, pages, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
}

static inline int map_private_across_tables(struct range *map, size_t pages)
{
	return map_across_tables(map, pages, PROT_READ | PROT_WRITE,
				 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

#endif /* ANONMEM_ACT_RANGE_H */
