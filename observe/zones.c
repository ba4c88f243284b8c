// SPDX-License-Identifier: GPL-2.0
/* The free memory of each zone, in blocks: /proc/zoneinfo and pagetypeinfo. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pagemap.h"
#include "procfs.h"
#include "zones.h"

/* Blocks to spare in each node: others take some, too. */
#define SPARE	16

/* In pages. */
struct zone {
	int node;
	char name[16];
	long long free, high, managed, protection;
};

/* "NUMBER NUMBER ...": the n-th counts blocks of 2^n pages, ">100000" are no fewer. */
static long long pages_in_blocks(const char *counts, long long least)
{
	long long pages = 0, count;
	char *end;

	for (long long block = 1;; block *= 2) {
		counts += strspn(counts, " >");
		count = strtoll(counts, &end, 10);
		if (end == counts)
			return pages;
		pages += block >= least ? count * block : 0;
		counts = end;
	}
}

/* "Node    0, zone   Normal, type      Movable      0    727   3772 ..." */
static long long pages_of_type(const struct zone *zone, const char *types, const char *wanted,
			       long long least)
{
	char name[16], type[16];
	int node, at = 0;

	for (const char *line = types; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (sscanf(line, "Node %d, zone %15[^,], type %15s%n", &node, name, type,
			   &at) == 3 &&
		    node == zone->node && !strcmp(name, zone->name) && !strcmp(type, wanted))
			return pages_in_blocks(line + at, least);
	}
	return 0;
}

/*
 * As the page allocator asks, but stricter: so much above the high watermark, what
 * is protected from who may do with other zones, what can be reserved, which is a
 * hundredth, and what is kept for devices, or for what can be moved: the huge zero
 * page cannot.
 */
static bool is_ample(const struct zone *zone, const char *types, long long least)
{
	long long spoken_for = zone->high + zone->protection + zone->managed / 50 +
			       pages_of_type(zone, types, "CMA", 1);

	return strcmp(zone->name, "Movable") &&
	       pages_of_type(zone, types, "Movable", least) >= SPARE * least &&
	       zone->free - spoken_for >= SPARE * least;
}

/* "protection: (0, 2991, 24105)" */
static long long most_of(const char *list)
{
	long long most = 0;

	for (char *end; *list == '(' || *list == ','; list = end) {
		long long number = strtoll(list + 1, &end, 10);

		most = number > most ? number : most;
	}
	return most;
}

/* Returns true with the last line that matters. */
static bool take_line(struct zone *zone, const char *line)
{
	long long number;

	line += strspn(line, " ");
	if (sscanf(line, "pages free %lld", &number) == 1)
		zone->free = number;
	else if (sscanf(line, "high %lld", &number) == 1)
		zone->high = number;
	else if (sscanf(line, "managed %lld", &number) == 1)
		zone->managed = number;
	if (strncmp(line, "protection: ", 12))
		return false;
	zone->protection = most_of(line + 12);
	return true;
}

/* Has each node that has memory a zone that is ample? */
static bool all_nodes_ample(const char *zones, const char *types, long long least)
{
	struct zone zone = { .node = -1 }, next;
	bool all = true, ample = false, memory = false;

	for (const char *line = zones; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		next = (struct zone){ 0 };
		if (sscanf(line, "Node %d, zone %15s", &next.node, next.name) == 2) {
			if (next.node != zone.node) {
				all = all && (ample || !memory);
				ample = false;
				memory = false;
			}
			zone = next;
		} else if (take_line(&zone, line)) {
			ample = ample || is_ample(&zone, types, least);
			memory = memory || zone.managed;
		}
	}
	return zone.node >= 0 && all && (ample || !memory);
}

/**
 * zones_have_blocks - would there have been memory for a large folio?
 * @size: of the folio, in bytes
 *
 * A process may be bound to some of the nodes, so the answer is about each of them. It
 * holds for the moment.
 *
 * Return: true where each node has a zone with several free blocks of that size and
 * well above its watermarks; false too where that cannot be read, as without root.
 */
bool zones_have_blocks(size_t size)
{
	char *zones, *types;
	bool have;

	if (procfs_slurp("/proc/pagetypeinfo", &types, NULL))
		return false;
	have = !procfs_slurp("/proc/zoneinfo", &zones, NULL);
	if (have) {
		have = all_nodes_ample(zones, types, (long long)(size / page_size()));
		free(zones);
	}
	free(types);
	return have;
}
