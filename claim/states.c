// SPDX-License-Identifier: GPL-2.0
/* The states of pages, a letter each, as pagemap and smaps tell them. */
#include <string.h>

#include "states.h"

/**
 * entry_of - what pagemap has to say of a page that one process maps, once
 * @shared: of shared memory
 * @state: its letter
 *
 * Return: those bits of PM_ALL_STATE.
 */
uint64_t entry_of(bool shared, char state)
{
	if (state == 'P')
		return PM_PRESENT | PM_EXCLUSIVE | (shared ? PM_FILE : 0);
	return state == 'S' && !shared ? PM_SWAP : 0;
}

/**
 * seen_states - the pages of a mapping by what pagemap says
 * @pid: the process, 0 for the caller
 * @map: the mapping, of BOARD_PAGES at most
 * @shared: of shared memory
 *
 * Return: the letters, or '?', until the next call.
 */
const char *seen_states(pid_t pid, const struct range *map, bool shared)
{
	static char seen[BOARD_PAGES + 1];
	uint64_t entries[BOARD_PAGES];

	memset(seen, 0, sizeof(seen));
	if (pagemap_read(pid, map->addr, map->pages, entries))
		return "unreadable";
	for (size_t i = 0; i < map->pages; i++) {
		uint64_t entry = entries[i] & PM_ALL_STATE;

		seen[i] = entry == entry_of(shared, '.') ? '.' :
			  entry == entry_of(shared, 'P') ? 'P' :
			  entry == entry_of(shared, 'S') ? 'S' : '?';
	}
	return seen;
}

/**
 * marked_states - the pages of a board that are in some states
 * @states: a letter a page
 * @which: these states
 * @mark: the letter that stands for all of them, where the rest has '.'
 *
 * Return: a letter a page, until the next call.
 */
const char *marked_states(const char *states, const char *which, char mark)
{
	static char marks[BOARD_PAGES + 1];

	for (size_t i = 0; i < BOARD_PAGES; i++)
		marks[i] = strchr(which, states[i]) ? mark : '.';
	return marks;
}

/**
 * map_in_states - map memory, a part of the scene, and put its pages in states
 * @map: where to describe it
 * @how: what kind of memory
 * @name: what the scene calls it
 * @states: a letter a page, of BOARD_PAGES
 *
 * Return: 0 or -errno.
 */
int map_in_states(struct range *map, enum sharing how, const char *name, const char *states)
{
	int ret = map_sharing(map, BOARD_PAGES, how);

	if (!ret)
		scene_add(name, NULL, map);
	return ret ?: put_in_states(map, states);
}

/**
 * all_out - does a mapping have all of its pages in swap?
 * @map: the mapping
 */
bool all_out(const struct range *map)
{
	return pagemap_count(0, map->addr, map->pages, PM_PRESENT, 0) == (ssize_t)map->pages &&
	       smaps_amount(0, map->addr, map->len, swap) == map->len;
}
