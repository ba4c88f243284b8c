// SPDX-License-Identifier: GPL-2.0
/* Whose pages are whose: what processes that came of one fork map alike. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/utsname.h>

#include "../act/hugepage.h"
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

/*
 * A page that left a folio is mapped no more while the rest still is; kernels
 * that count by the folio (CONFIG_NO_PAGE_MAPCOUNT) say of it what the average
 * is.  Who may not see frames is not told.
 */
static bool pages_have_mapcounts(void)
{
	uint64_t entry, count = 1;
	struct range map;
	char *middle;

	if (!frames_visible() || map_thp(&map))
		return false;
	middle = page_at(&map, map.pages / 2);
	entry = pagemap_entry(0, middle);
	if (!thp_map_by_ptes(&map) && !madvise(middle, page_size(), MADV_DONTNEED) &&
	    kpage_count(pm_pfn(entry), &count))
		count = 1;
	unmap(&map);
	return !count;
}

/*
 * Below a PMD pagemap has called each page exclusive that is when the first
 * one is: before 2c1f057e5be6 (6.11), and again since 6.15, where what looks
 * at the page for each entry always looks at the first.
 */
static bool pmd_bits_are_fine(void)
{
	unsigned int major = 0, minor = 0;
	struct utsname name;

	if (uname(&name) || sscanf(name.release, "%u.%u", &major, &minor) != 2)
		return false;
	return major == 6 && minor >= 11 && minor < 15;
}

/**
 * huge_grain - how finely the kernel tells the pages of a huge page apart
 * @by_pmd: is it about a huge page that some process maps by a PMD?
 *
 * To be asked once in main(), for both: what children ask anew costs them a
 * huge page.
 */
enum grain huge_grain(bool by_pmd)
{
	static int known = -1;

	if (known < 0)
		known = pages_have_mapcounts();
	if (!known)
		return WHOLE_FOLIO;
	return by_pmd && !pmd_bits_are_fine() ? NOT_BIT_56 : EACH_PAGE;
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
		{ "Pss_Dirty",		s.pss_dirty ? s.pss : 0, s.pss_dirty },
		{ "LazyFree",		0,			s.lazyfree },
	};

	return amounts_amiss("", lines, sizeof(lines) / sizeof(*lines));
}
