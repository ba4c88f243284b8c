// SPDX-License-Identifier: GPL-2.0
/* Whose pages are whose: what processes that came of one fork map alike. */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "../act/hugepage.h"
#include "../borrow/thp.h"
#include "../observe/kpage.h"
#include "../observe/pagemap.h"
#include "../observe/smaps.h"
#include "amiss.h"
#include "need.h"
#include "sharing.h"

/* Both files or nothing: whether they can be read does not change. */
static bool frames_visible(void)
{
	static int known = -1;

	if (known < 0)
		known = need_met(NEED_KPAGE);
	return known;
}

/* A large folio that PTEs map, to try things on: 0, or -errno where none is to be had. */
static int map_large(struct range *map)
{
	size_t size = thp_next_size(0);
	int ret = map_thp(map);

	if (!ret)
		ret = thp_map_by_ptes(map);
	else if (size)
		ret = map_folios(map, size);
	return ret;
}

/*
 * Has a page a mapcount of its own, other than that of the folio's @other page?  Kernels
 * that count by the folio (CONFIG_NO_PAGE_MAPCOUNT) say of both what the average is.
 */
static bool counts_differ(uint64_t one, uint64_t other)
{
	uint64_t counts[2] = { 0 };

	return !kpage_count(pm_pfn(one), &counts[0]) && !kpage_count(pm_pfn(other), &counts[1]) &&
	       counts[0] != counts[1];
}

/*
 * By one page that a child has and another that it has not, and by one that is gone: a
 * bug in either way to make them differ does not pass for a kernel that does not tell.
 */
static int pages_have_mapcounts(void)
{
	struct range map;
	struct peer child;
	uint64_t first, next;
	bool differ;

	if (!frames_visible())
		return false;
	if (map_large(&map))
		return -EAGAIN;
	first = pagemap_entry(0, map.addr);
	next = pagemap_entry(0, page_at(&map, 1));
	differ = !madvise(map.addr, page_size(), MADV_DONTFORK) && !peer_fork(&child);
	if (differ) {
		differ = counts_differ(first, next);
		peer_exit(&child);
	}
	if (!differ && !madvise(map.addr, page_size(), MADV_DONTNEED))
		differ = counts_differ(first, next);
	unmap(&map);
	return differ;
}

/* How many pages of a huge page pagemap calls exclusive, where a child maps only some of them. */
static ssize_t exclusive_below_pmd(bool child_has_first)
{
	struct range map;
	struct peer child;
	ssize_t exclusive = -EAGAIN;
	size_t page = page_size();

	if (map_thp(&map))
		return -EAGAIN;
	if (!peer_fork(&child)) {
		char *from = page_at(&map, child_has_first);
		size_t len = child_has_first ? map.len - page : page;

		if (!madvise_in(&child, from, len, MADV_DONTNEED) &&
		    smaps_amount(0, map.addr, map.len, anon_huge) == map.len)
			exclusive = pagemap_count(0, map.addr, map.pages, PM_EXCLUSIVE,
						  PM_EXCLUSIVE);
		peer_exit(&child);
	}
	unmap(&map);
	return exclusive;
}

/* Is it exactly DEFECT_BIT_56 that the kernel has? 1, 0, or -EAGAIN. */
static int has_defect_bit_56(void)
{
	ssize_t pages = (ssize_t)(thp_pmd_size() / page_size());
	ssize_t first_is = exclusive_below_pmd(false), first_is_not = exclusive_below_pmd(true);

	if (first_is < 0 || first_is_not < 0)
		return -EAGAIN;
	return first_is == pages && !first_is_not;
}

/**
 * huge_grain - how finely the kernel tells the pages of a large folio apart
 * @by_pmd: is it about a huge page that some process maps by a PMD?
 *
 * To be asked once in main(), for both: what children ask anew costs them a
 * huge page.
 *
 * Return: the grain; what a known defect spoils is left out.
 */
enum grain huge_grain(bool by_pmd)
{
	static int known = -EAGAIN, defect = -EAGAIN;

	if (known < 0)
		known = pages_have_mapcounts();
	if (known > 0 && defect < 0)
		defect = has_defect_bit_56();
	if (known <= 0)
		return WHOLE_FOLIO;
	return by_pmd && defect ? NOT_BIT_56 : EACH_PAGE;
}

/* What any page that a program wrote has to be; @exclusive if one of the @bits. */
static const char *entries_amiss(const uint64_t *entries, size_t first, size_t count,
				 uint64_t bits, uint64_t exclusive)
{
	for (size_t i = 0; i < count; i++) {
		if ((entries[i] & PM_STATE) != PM_PRESENT)
			return page_amiss(first + i, "is not present anonymous memory", entries[i]);
		if ((entries[i] & bits) != (exclusive & bits))
			return page_amiss(first + i, exclusive ? "is not exclusive" :
					  "is exclusive", entries[i]);
		if (frames_visible() && !pm_pfn(entries[i]))
			return page_amiss(first + i, "hides its frame", entries[i]);
	}
	return "";
}

/**
 * shared_amiss - what speaks against pages being shared, or a process's own
 * @sharers: all processes that map them
 * @map: the mapping, at the same place in each
 * @first: the first of the pages
 * @count: how many
 * @grain: how far the kernel's word on the single page counts
 *
 * Return: "" or what is not as it has to be.
 */
const char *shared_amiss(const struct sharers *sharers, const struct range *map,
			 size_t first, size_t count, enum grain grain)
{
	uint64_t bits = grain == EACH_PAGE ? PM_EXCLUSIVE : 0;
	uint64_t *entries = calloc(3 * count + 1, sizeof(*entries));
	uint64_t *pfns = entries + count, *mappers = pfns + count;
	const char *amiss = entries ? "" : "no memory";

	for (size_t who = 0; !*amiss && who < sharers->n; who++) {
		amiss = "pagemap cannot be read";
		if (pagemap_read(pid_of(sharers->who[who]), page_at(map, first), count, entries))
			break;
		amiss = entries_amiss(entries, first, count, bits,
				      sharers->n == 1 ? PM_EXCLUSIVE : 0);
		for (size_t i = 0; !*amiss && i < count; i++) {
			if (who && frames_visible() && pm_pfn(entries[i]) != pfns[i])
				amiss = page_amiss(first + i, "is another frame elsewhere",
						   entries[i]);
			pfns[i] = pm_pfn(entries[i]);
			mappers[i] = sharers->n;
		}
	}
	if (!*amiss && frames_visible() && grain != WHOLE_FOLIO)
		amiss = frames_amiss(pfns, mappers, count, first, KPF(ANON));
	free(entries);
	return amiss;
}

/**
 * account_amiss - what smaps has wrong about pages that were written
 * @who: the process, NULL for the caller
 * @map: the mapping
 * @owned: how many of its pages are the process's own
 * @shared: how many it shares
 * @sharers: with how many processes in all, itself included
 *
 * Of a shared page each sharer is charged its part, filesystems/proc.rst.
 *
 * Return: "" or what is not as it has to be.
 */
const char *account_amiss(struct peer *who, const struct range *map, size_t owned,
			  size_t shared, size_t sharers)
{
	size_t page = page_size(), part = shared ? shared * page / sharers : 0;
	struct smaps s;

	if (smaps_range(pid_of(who), map->addr, map->len, &s))
		return "smaps cannot be read";
	const struct amount lines[] = {
		{ "Size",		map->len,		s.size },
		{ "Rss",		(owned + shared) * page, s.rss },
		{ "Anonymous",		(owned + shared) * page, s.anonymous },
		{ "Private_Dirty",	owned * page,		s.private_dirty },
		{ "Shared_Dirty",	shared * page,		s.shared_dirty },
		{ "Private_Clean",	0,			s.private_clean },
		{ "Shared_Clean",	0,			s.shared_clean },
		/* Rounded down to the unit that smaps uses. */
		{ "Pss",		(owned * page + part) >> 10 << 10, s.pss },
		{ "Pss_Dirty",		s.pss,			smaps_told(&s, pss_dirty, s.pss) },
		{ "LazyFree",		0,			s.lazyfree },
	};

	return amounts_amiss("", lines, sizeof(lines) / sizeof(*lines));
}
