// SPDX-License-Identifier: GPL-2.0
/* Mappings that no neighbour merges with. */
#include <errno.h>
#include <stdint.h>

#include "../observe/pagemap.h"
#include "range.h"

/**
 * page_table_span - bytes between page-table boundaries
 *
 * Return: what a last-level page table of page-sized, word-sized entries
 * maps; where the architecture's tables are smaller (s390, PAE), a multiple.
 */
size_t page_table_span(void)
{
	size_t page = page_size();

	return page * (page / sizeof(long));
}

/* Reserves room for @len bytes at a multiple of @align plus @skew. */
static int reserve(struct range *map, size_t len, size_t align, size_t skew)
{
	size_t page = page_size();
	uintptr_t base;

	map->reserved_len = len + 2 * page + (align > page ? align : 0);
	map->reserved = mmap(NULL, map->reserved_len, PROT_NONE,
			     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (map->reserved == MAP_FAILED)
		return -errno;
	base = (uintptr_t)map->reserved + page;
	if (align > page)
		base = (base + skew + align - 1) / align * align - skew;
	map->addr = (char *)base;
	map->pages = len / page;
	map->len = len;
	return 0;
}

static int map_reserved(struct range *map, int prot, int flags, int fd, off_t offset)
{
	if (mmap(map->addr, map->len, prot, flags | MAP_FIXED, fd, offset) == MAP_FAILED) {
		int err = errno;

		munmap(map->reserved, map->reserved_len);
		return -err;
	}
	/* Without THP in the kernel there is nothing to forbid: EINVAL. */
	if (madvise(map->addr, map->len, MADV_NOHUGEPAGE) && errno != EINVAL)
		return -errno;
	return 0;
}

/**
 * map_pages - make a mapping of base pages that no other VMA touches
 * @map: where to describe it
 * @pages: how many
 * @prot: of mmap(2)
 * @flags: of mmap(2)
 * @fd: of mmap(2)
 * @offset: of mmap(2), in bytes
 *
 * Inaccessible pages before and behind keep the kernel from merging the VMA
 * with a neighbour and catch what runs over; MADV_NOHUGEPAGE keeps it to base
 * pages whatever the system's THP settings.
 *
 * Return: 0 or -errno.
 */
int map_pages(struct range *map, size_t pages, int prot, int flags, int fd, off_t offset)
{
	int ret = reserve(map, pages * page_size(), 0, 0);

	return ret ?: map_reserved(map, prot, flags, fd, offset);
}

/**
 * map_across_tables - map_pages() with a page-table boundary inside
 * @map: where to describe it
 * @pages: how many; the boundary is before page @pages / 2
 * @prot: of mmap(2)
 * @flags: of mmap(2)
 * @fd: of mmap(2)
 * @offset: of mmap(2), in bytes
 *
 * Return: 0 or -errno.
 */
int map_across_tables(struct range *map, size_t pages, int prot, int flags, int fd,
		      off_t offset)
{
	size_t page = page_size();
	int ret = reserve(map, pages * page, page_table_span(), pages / 2 * page);

	return ret ?: map_reserved(map, prot, flags, fd, offset);
}

/**
 * map_private_aligned - map_private() at a multiple of something
 * @map: where to describe it
 * @pages: how many
 * @align: in bytes, a power of two of pages
 *
 * Return: 0 or -errno.
 */
int map_private_aligned(struct range *map, size_t pages, size_t align)
{
	int ret = reserve(map, pages * page_size(), align, 0);

	return ret ?: map_reserved(map, PROT_READ | PROT_WRITE,
				   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

/**
 * unmap - take a mapping and its surroundings down
 * @map: as map_pages() and its kin made it
 *
 * Return: 0 or -errno.
 */
int unmap(struct range *map)
{
	return munmap(map->reserved, map->reserved_len) ? -errno : 0;
}

/**
 * advice_known - does the kernel know a piece of advice of madvise(2)?
 * @advice: which, fit for private anonymous memory
 */
bool advice_known(int advice)
{
	struct range page;
	bool known;

	if (map_private(&page, 1))
		return false;
	known = !madvise(page.addr, page.len, advice) || errno != EINVAL;
	unmap(&page);
	return known;
}
