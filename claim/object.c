// SPDX-License-Identifier: GPL-2.0
/* One object of shared memory as several processes map it. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "../observe/pagemap.h"
#include "../observe/smaps.h"
#include "accounts.h"
#include "amiss.h"
#include "need.h"
#include "object.h"

/* As in fs/proc: the precision to which shares of pages are summed. */
#define PSS_SHIFT	12

/* @entries: one for each mapper, @stride apart. */
static const char *entries_amiss(size_t page, const uint64_t *entries, size_t n, size_t stride,
				 size_t mappers, uint64_t *pfn)
{
	const uint64_t wanted = PM_PRESENT | PM_FILE | (mappers == 1 ? PM_EXCLUSIVE : 0);

	for (size_t who = 0; who < n; who++) {
		uint64_t entry = entries[who * stride];

		if (!(entry & PM_PRESENT)) {
			if (entry & PM_STATE)
				return page_amiss(page, "is in a state it cannot be in", entry);
			continue;
		}
		if ((entry & (PM_STATE | PM_EXCLUSIVE)) != wanted)
			return page_amiss(page, "is not a page of an object", entry);
		if (*pfn && pm_pfn(entry) != *pfn)
			return page_amiss(page, "is two frames", pm_pfn(entry));
		*pfn = pm_pfn(entry);
	}
	return "";
}

/* What one mapping's smaps has to come to. */
struct share {
	size_t present;		/* pages */
	size_t sole;		/* of these, mapped by nobody else */
	uint64_t pss;		/* bytes << PSS_SHIFT */
};

static void add_page(struct share *share, size_t mappers)
{
	share->present++;
	share->sole += mappers == 1;
	share->pss += ((uint64_t)page_size() << PSS_SHIFT) / mappers;
}

static const char *smaps_amiss(size_t who, pid_t pid, const struct range *map,
			       const struct share *share)
{
	size_t page = page_size();
	size_t pss = (size_t)(share->pss >> (PSS_SHIFT + 10) << 10);
	size_t sole = share->sole * page, rss = share->present * page;
	const char *amiss;
	char whose[32];
	struct smaps s;

	if (smaps_range(pid, map->addr, map->len, &s))
		return "smaps cannot be read";
	const struct amount amounts[] = {
		{ "Rss",	rss,		s.rss },
		{ "Pss",	pss,		s.pss },
		{ "Private_*",	sole,		s.private_clean + s.private_dirty },
		{ "Shared_*",	rss - sole,	s.shared_clean + s.shared_dirty },
		{ "Anonymous",	0,		s.anonymous + s.lazyfree + smaps_told(&s, ksm, 0) },
		{ "Swap",	0,		s.swap + s.swap_pss },
	};

	snprintf(whose, sizeof(whose), "mapper %zu: ", who);
	amiss = amounts_amiss(whose, amounts, sizeof(amounts) / sizeof(*amounts));
	return *amiss ? amiss : accounts_amiss(pid, map);
}

/* @entries: of each mapper, and room for the frames, and by how many each is mapped. */
static const char *pages_amiss(const struct range *map, uint64_t *entries, size_t n,
			       struct share *shares)
{
	uint64_t *pfns = entries + n * map->pages, *mappers = pfns + map->pages;
	const char *amiss = "";

	for (size_t i = 0; !*amiss && i < map->pages; i++) {
		for (size_t who = 0; who < n; who++)
			mappers[i] += !!(entries[who * map->pages + i] & PM_PRESENT);
		for (size_t who = 0; who < n; who++)
			if (entries[who * map->pages + i] & PM_PRESENT)
				add_page(&shares[who], mappers[i]);
		amiss = entries_amiss(i, entries + i, n, map->pages, mappers[i], &pfns[i]);
	}
	return *amiss || !need_met(NEED_KPAGE) ? amiss :
		frames_amiss(pfns, mappers, map->pages, 0, 0);
}

/**
 * object_amiss - what contradicts that processes share one object
 * @map: a mapping of base pages, none of them swapped out, at the same place
 *	in each process
 * @mappers: all processes that map the object, NULL for the caller; none runs
 *	meanwhile
 * @n: how many
 *
 * What has to be so whoever touched which page: who maps a page maps the same
 * frame of the page cache, counted once for each mapper; it is exclusive to
 * one or to nobody, and shares of it add up to the page.
 *
 * Return: "" or what contradicts it.
 */
const char *object_amiss(const struct range *map, const struct peer *const mappers[], size_t n)
{
	uint64_t *entries = calloc((n + 2) * map->pages, sizeof(*entries));
	struct share *shares = calloc(n, sizeof(*shares));
	const char *amiss = entries && shares ? "" : "no memory";

	for (size_t who = 0; !*amiss && who < n; who++)
		if (pagemap_read(pid_of(mappers[who]), map->addr, map->pages,
				 entries + who * map->pages))
			amiss = "pagemap cannot be read";
	if (!*amiss)
		amiss = pages_amiss(map, entries, n, shares);
	for (size_t who = 0; !*amiss && who < n; who++)
		amiss = smaps_amiss(who, pid_of(mappers[who]), map, &shares[who]);
	free(shares);
	free(entries);
	return amiss;
}
