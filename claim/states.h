/* SPDX-License-Identifier: GPL-2.0 */
/* The states of pages, a letter each, as pagemap and smaps tell them. */
#ifndef ANONMEM_CLAIM_STATES_H
#define ANONMEM_CLAIM_STATES_H

#include <stdbool.h>

#include "../act/states.h"
#include "../observe/pagemap.h"
#include "scene.h"

/* All bits of an entry that say something of its page but for soft-dirty. */
#define PM_ALL_STATE	(PM_STATE | PM_EXCLUSIVE | PM_UFFD_WP | PM_GUARD)

uint64_t entry_of(bool shared, char state);
const char *seen_states(pid_t pid, const struct range *map, bool shared);
const char *visible_states(const char *states, bool shared);
bool all_out(const struct range *map);

/* pagemap tells the states of a mapping, as far as it can. */
#define CLAIM_STATES(states, map, shared) \
	CLAIM_STREQ(visible_states(states, shared), seen_states(0, map, shared))

#endif /* ANONMEM_CLAIM_STATES_H */
