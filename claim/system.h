/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What one step of a case does to the accounts of the whole system, on a
 * machine where others take and give back memory all the time.
 *
 *	struct system_change change = { .shmem = pages, .cached = pages };
 *
 *	while (system_round(&change)) {
 *		arrange afresh
 *		system_before(&change);
 *		the step
 *		system_after(&change);
 *		take it all down
 *	}
 *	CLAIM_SYSTEM_OR_SKIP(&change);
 */
#ifndef ANONMEM_CLAIM_SYSTEM_H
#define ANONMEM_CLAIM_SYSTEM_H

#include <stdbool.h>
#include <stddef.h>

#include "../observe/sysmem.h"
#include "scene.h"

enum system_account {
	SYSTEM_ANON,
	SYSTEM_SHMEM,
	SYSTEM_CACHED,
	SYSTEM_BUFF_CACHE,
	SYSTEM_USED,
	NR_SYSTEM_ACCOUNTS
};

/* The accounts at one moment, in pages. */
struct system_reading {
	long long when;		/* in nanoseconds */
	bool swap_cached;	/* is anything in the swap cache? */
	long long pages[NR_SYSTEM_ACCOUNTS];
};

/* Where no round is quiet: as many as it takes for all to show the same. */
#define SYSTEM_ROUNDS	128

struct system_change {
	/* How many pages the step should add to each; the caller's to fill in. */
	long anon;		/* AnonPages; and so "used" of free(1) */
	long shmem;		/* Shmem; and so "shared" */
	long cached;		/* Cached, Shmem included; and so "buff/cache" */
	long besides;		/* what each round takes and gives back around the step */
	bool processes;		/* in each round processes come and go */

	/* After the last round: */
	const char *inconclusive; /* why nothing can be said, else NULL */
	char trouble[256];	/* what is not as it should be, else "" */

	/* private */
	long long deadline;
	bool flushed;
	long drift, zone_drift;
	unsigned int rounds, agreed, missed, streak;
	bool tight;
	enum system_account missed_by[SYSTEM_ROUNDS];	/* the first, where a round missed */
	struct traffic traffic;
	struct system_reading before[SYSTEM_ROUNDS], after[SYSTEM_ROUNDS];
};

size_t system_pages(void);
bool system_round(struct system_change *change);
void system_before(struct system_change *change);
void system_after(struct system_change *change);

/* The step did to the system's accounts what the caller filled in. */
#define CLAIM_SYSTEM_OR_SKIP(change)						\
	do {									\
		if ((change)->inconclusive)					\
			SKIP(return, "%s", (change)->inconclusive);		\
		CLAIM_STREQ("", (change)->trouble);				\
	} while (0)

#endif /* ANONMEM_CLAIM_SYSTEM_H */
