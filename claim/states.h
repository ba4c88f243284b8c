/* SPDX-License-Identifier: GPL-2.0 */
/* The states of pages, a letter each, as pagemap and smaps tell them. */
#ifndef ANONMEM_CLAIM_STATES_H
#define ANONMEM_CLAIM_STATES_H

#include <stdbool.h>

#include "../act/states.h"
#include "../observe/pagemap.h"
#include "../observe/smaps.h"
#include "scene.h"

/* All bits of an entry that say something of its page but for soft-dirty. */
#define PM_ALL_STATE	(PM_STATE | PM_EXCLUSIVE | PM_UFFD_WP | PM_GUARD)

uint64_t entry_of(bool shared, char state);
const char *seen_states(pid_t pid, const struct range *map, bool shared);
const char *marked_states(const char *states, const char *which, char mark);
int map_in_states(struct range *map, enum sharing how, const char *name, const char *states);
bool all_out(const struct range *map);

/* What seen_states() should be: of shared memory only pages present are seen. */
static inline const char *visible_states(const char *states, bool shared)
{
	return shared ? marked_states(states, "P", 'P') : states;
}

/* pagemap tells the states of a mapping, as far as it can. */
#define CLAIM_STATES(states, map, shared) \
	CLAIM_STREQ(visible_states(states, shared), seen_states(0, map, shared))

/* What smaps says is in swap, and charged for entries: page tables of shared memory have none. */
#define CLAIM_SWAP(pid, map, bytes, charged)					\
	do {									\
		CLAIM_EQ(bytes, smaps_amount(pid, (map)->addr, (map)->len, swap)); \
		CLAIM_EQ(charged, smaps_amount(pid, (map)->addr, (map)->len, swap_pss)); \
	} while (0)

/* Private memory, shared memory that nothing names, and a memfd's. */
#define VARIANTS_OF_SWAPPABLE(fixture)						\
	VARIANTS_ONLY(fixture) { enum sharing how; };				\
	FIXTURE_VARIANT_ADD(fixture, private) { .how = SHARE_NOT };		\
	FIXTURE_VARIANT_ADD(fixture, shared) { .how = SHARE_ANONYMOUS };	\
	FIXTURE_VARIANT_ADD(fixture, memfd) { .how = SHARE_MEMFD }

#endif /* ANONMEM_CLAIM_STATES_H */
