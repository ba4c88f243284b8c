/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What one step of a case does to the accounts of the whole system, on a
 * machine where others take and give back memory all the time.
 *
 *	struct system_change change = { .shmem = pages, .cached = pages };
 *
 *	CLAIM_SYSTEM_OR_SKIP(&change, arrange afresh, the step, take it all down);
 */
#ifndef ANONMEM_CLAIM_SYSTEM_H
#define ANONMEM_CLAIM_SYSTEM_H

#include <stdbool.h>
#include <stddef.h>

#include "../observe/sysmem.h"
#include "scene.h"

/*
 * A row for each account: its name for people, how many bytes of it @info has and,
 * in @held pages that CPUs hold back, what it should change by, and how exactly
 * that can be told.
 */
#define SYSTEM_ACCOUNTS(ACCOUNT)						\
	ACCOUNT(ANON, "AnonPages", info.anon_pages, anon, PLAIN)		\
	ACCOUNT(SHMEM, "Shmem", info.shmem, shmem, PLAIN)			\
	ACCOUNT(CACHED, "Cached", info.cached, cached, PLAIN)			\
	ACCOUNT(BUFF_CACHE, "buff/cache of free(1)",				\
		info.buffers + info.cached + info.sreclaimable, cached, SUM)	\
	ACCOUNT(USED, "used of free(1)", meminfo_used(&info) - held * page, anon, SUM_WITH_FREE)

/* Without a flush a sum lags by more than can be told, and what is free by still more. */
enum system_kind { PLAIN, SUM, SUM_WITH_FREE };

enum system_account {
#define ACCOUNT_NUMBER(id, name, amount, expected, kind)	SYSTEM_##id,
	SYSTEM_ACCOUNTS(ACCOUNT_NUMBER)
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
	int unreadable;		/* -errno where /proc/meminfo is there and is not whole, else 0 */
	char amiss[256];	/* what is not as it should be, else "" */

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

size_t system_step_pages(void);
size_t system_pages(void);
size_t system_file_pages(void);
bool system_judge(struct system_change *change, const struct traffic *now, bool last);
bool system_round(struct system_change *change);
void system_before(struct system_change *change);
void system_after(struct system_change *change);

/* @step does to the system's accounts what the caller filled in, round for round. */
#define CLAIM_SYSTEM_OR_SKIP(change, arrange, step, undo)			\
	do {									\
		while (system_round(change)) {					\
			arrange;						\
			system_before(change);					\
			step;							\
			system_after(change);					\
			undo;							\
		}								\
		ASSERT_EQ(0, (change)->unreadable);				\
		if ((change)->inconclusive)					\
			SKIP(return, "%s", (change)->inconclusive);		\
		CLAIM_STREQ("", (change)->amiss);				\
	} while (0)

#endif /* ANONMEM_CLAIM_SYSTEM_H */
