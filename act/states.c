// SPDX-License-Identifier: GPL-2.0
/* Pages put in states: a letter for each page of a mapping. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../observe/pagemap.h"
#include "../observe/patience.h"
#include "../observe/smaps.h"
#include "pageout.h"
#include "states.h"

/**
 * states_diff - how many bytes of a mapping in given states are not what they should be
 * @map: the mapping, see put_in_states()
 * @states: a letter a page
 */
size_t states_diff(const struct range *map, const char *states)
{
	size_t wrong = 0;

	for (size_t i = 0; i < map->pages; i++)
		wrong += states[i] != '.' ? page_diff(map, i) :
					    !all_zero(page_at(map, i), page_size());
	return wrong;
}

/**
 * count_states - how many pages of a board are in a state
 * @states: a letter a page
 * @first: where to begin
 * @pages: how many to look at
 * @state: the letter
 */
size_t count_states(const char *states, size_t first, size_t pages, char state)
{
	size_t count = 0;

	for (size_t i = first; i < first + pages; i++)
		count += states[i] == state;
	return count;
}

/* The letter of a page; where there are none, all are to be out. */
static char state_of(const char *states, size_t i)
{
	return states ? states[i] : 'S';
}

/* They stay in memory and are no longer mapped. */
static int drop_mapped(char *addr, size_t pages)
{
	if (madvise(addr, pages * page_size(), MADV_DONTNEED))
		return -errno;
	return pagemap_count(0, addr, pages, PM_PRESENT, PM_PRESENT) ? -EBUSY : 0;
}

/* Each run of pages in one state is seen to at once. */
static int put_runs_in_states(const struct range *map, const char *states)
{
	size_t next;
	int ret = 0;

	for (size_t i = 0; !ret && i < map->pages; i = next) {
		char state = state_of(states, i), *addr = page_at(map, i);

		for (next = i + 1; next < map->pages && state_of(states, next) == state; next++)
			;
		if (state == 'S')
			ret = pageout(addr, next - i);
		if (state == 'C')
			ret = drop_mapped(addr, next - i);
	}
	return ret;
}

/*
 * How many pages that should be out are still in memory, and not for being in
 * the swap cache: unmapping is half the way only for pages of an object, and
 * a passing reference (a batch of another CPU's) keeps them from the rest.
 */
static size_t still_in(const struct range *map, const char *states, unsigned char *resident)
{
	size_t in = 0, out = 0;
	struct smaps s;

	if (mincore(map->addr, map->len, resident))
		return SIZE_MAX;
	for (size_t i = 0; i < map->pages; i++) {
		if (state_of(states, i) != 'S')
			continue;
		out++;
		if (resident[i] & 1)
			in += !(pagemap_entry(0, page_at(map, i)) & PM_SWAP);
	}
	if (in && !smaps_range(0, map->addr, map->len, &s) && s.swap == out * page_size())
		in = 0;
	return in;
}

/* Pages that stayed are mapped again, so that reclaim can be asked again. */
static int settle_states(const struct range *map, const char *states)
{
	unsigned char *resident = calloc(map->pages, 1);
	long long deadline = patience_until(2000);
	int ret = resident ? 0 : -ENOMEM;

	while (!ret) {
		ret = put_runs_in_states(map, states);
		if (ret || !still_in(map, states, resident))
			break;
		for (size_t i = 0; i < map->pages; i++)
			if (state_of(states, i) == 'S' && resident[i] & 1)
				load(page_at(map, i));
		ret = patience_left(deadline) ? 0 : -EBUSY;
	}
	free(resident);
	return ret;
}

/**
 * put_in_states - fill all but the untouched pages of a mapping, and see to their states
 * @map: the mapping, of the caller's alone
 * @states: a letter a page
 *
 * Return: 0 or -errno, -EBUSY where some pages would not go out.
 */
int put_in_states(const struct range *map, const char *states)
{
	for (size_t i = 0; i < map->pages; i++)
		if (states[i] != '.')
			fill_page(map, i);
	return settle_states(map, states);
}

/**
 * swap_out - swap out a whole mapping
 * @map: the mapping, every page of it touched
 *
 * Return: 0 or -errno, see put_in_states().
 */
int swap_out(const struct range *map)
{
	return settle_states(map, NULL);
}

/**
 * map_swapped - map memory, write to each page of it, and swap it out
 * @map: where to describe it, see map_sharing()
 * @pages: how many
 * @how: what kind of memory
 *
 * Page i has i + 1 at offset i % 64, and zeros.
 *
 * Return: 0 or -errno.
 */
int map_swapped(struct range *map, size_t pages, enum sharing how)
{
	int ret = map_sharing(map, pages, how);

	for (size_t i = 0; !ret && i < pages; i++)
		store(page_at(map, i) + i % 64, (uint8_t)(i + 1));
	return ret ?: swap_out(map);
}
