// SPDX-License-Identifier: GPL-2.0
/*
 * What readings of the system's accounts say of a step.  Nothing is measured here:
 * verify/system-driver.c tries it with readings of its own.
 *
 * The page counts of meminfo are everybody's.  But every page that somebody
 * adds to them or takes from them comes from the page allocator or goes back
 * to it, and the allocator's events are counted exactly: what exceeds the
 * step's own pages is the most that others can have changed meanwhile.  Where
 * that is little and nobody swaps, the round decides; where no round is so
 * quiet, all rounds together have to show one and the same.
 */
#include <stdio.h>
#include <stdlib.h>

#include "../observe/pagemap.h"
#include "system.h"

/* A step stands out by so many pages; it should be small beside 256 MiB. */
#define STEP_PAGES	512
#define STEP_BYTES	(4UL << 20)
/*
 * Others' pages in a round that nothing sharper need follow: an eighth of the
 * step, or so many.  What the processes of the case before were made of is
 * still coming back for a while, and is others', too.
 */
#define TIGHT_PART	8
#define TIGHT_PAGES	32
/* From how many rounds on all of them together are asked, and how often. */
#define ROUNDS_ENOUGH	32
#define ROUNDS_MORE	16
/*
 * One may be pages on their way between two accounts; so many are the kernel's
 * where the account came back each time, and so many where it did not.
 */
#define MISSES		6
#define MISSES_AWAY	64

static const struct {
	const char *name;
	size_t expected;	/* where struct system_change has it */
	enum system_kind kind;
} accounts[NR_SYSTEM_ACCOUNTS] = {
#define ACCOUNT_ROW(id, name, pages, expected, kind)				\
	[SYSTEM_##id] = { name, offsetof(struct system_change, expected), kind },
	SYSTEM_ACCOUNTS(ACCOUNT_ROW)
};

static long expected(const struct system_change *change, enum system_account account)
{
	return *(const long *)((const char *)change + accounts[account].expected);
}

/**
 * system_step_pages - how many pages a step should change at least
 */
size_t system_step_pages(void)
{
	size_t pages = STEP_BYTES / page_size();

	return pages < STEP_PAGES ? pages : STEP_PAGES;
}

/* The largest of the expected changes, to weigh an error against. */
static long step_size(const struct system_change *change)
{
	long size = labs(change->anon);

	if (labs(change->cached) > size)
		size = labs(change->cached);
	return size ?: change->besides ?: (long)system_step_pages();
}

static long long changed_in(const struct system_change *change, unsigned int round,
			    enum system_account account)
{
	return change->after[round].pages[account] - change->before[round].pages[account];
}

/* Over a whole round, which leaves nothing behind: others' doing, or a leak. */
static long long changed_over(const struct system_change *change, unsigned int round,
			      enum system_account account)
{
	return change->before[round + 1].pages[account] - change->before[round].pages[account];
}

/* The batches that the kernel's counts of an account lag by. */
static long lag(const struct system_change *change, enum system_account account)
{
	return change->drift + (accounts[account].kind == SUM_WITH_FREE ? change->zone_drift : 0);
}

/*
 * Without a flush the sums of free(1) add up the batches of several counts,
 * and on large machines MemFree alone has too many.
 */
static bool is_claimed(const struct system_change *change, enum system_account account)
{
	if (accounts[account].kind == PLAIN)
		return true;
	return change->flushed && lag(change, account) <= step_size(change) / 2;
}

/*
 * What is wrong with an account that changed by @seen pages, when it may be
 * @above more and @below less than expected.
 */
static bool agrees(struct system_change *change, enum system_account account, long long seen,
		   long long above, long long below)
{
	long want = expected(change, account), off = lag(change, account);

	if (!is_claimed(change, account))
		return true;
	if (seen >= want - below - off && seen <= want + above + off)
		return true;
	snprintf(change->amiss, sizeof(change->amiss),
		 "%s changed by %lld pages, not by %ld; others by at most +%lld -%lld, batches %ld",
		 accounts[account].name, seen, want, above, below, off);
	return false;
}

/*
 * How much of others a round may have in it for its word to be taken.  What
 * processes are made of, some hundred pages each, cannot be told from others'.
 */
static long long quiet_pages(const struct system_change *change)
{
	long size = step_size(change);

	if (change->processes)
		return size / 4;
	return size / TIGHT_PART > TIGHT_PAGES ? size / TIGHT_PART : TIGHT_PAGES;
}

/*
 * How many pages of an event in the round are others': its own are taken and given
 * back, those of Shmem in Cached.
 */
static long long excess(const struct system_change *change, long long pages)
{
	pages -= labs(change->anon + change->cached) + change->besides;
	return pages < 0 ? 0 : pages;
}

static bool all_agree(struct system_change *change, long long above, long long below)
{
	for (int i = 0; i < NR_SYSTEM_ACCOUNTS; i++) {
		if (!agrees(change, i, changed_in(change, change->rounds, i), above, below)) {
			change->missed_by[change->rounds] = i;
			return false;
		}
	}
	return true;
}

/*
 * Holds the accounts against what others can have done since the round began.
 * Where they did more than little, some of it may show in an account before or
 * after its event: that much is allowed for.
 */
static void judge_round(struct system_change *change, const struct traffic *now)
{
	long long above = excess(change, now->allocs - change->traffic.allocs);
	long long below = excess(change, now->frees - change->traffic.frees);
	long long size = step_size(change);
	bool tight, good;

	/* Pages in the swap cache are mapped again without an allocation. */
	if (change->before[change->rounds].swap_cached)
		above += excess(change, now->faults - change->traffic.faults);
	if (now->swapped != change->traffic.swapped ||
	    above + below + change->drift > size / 2) {
		change->streak = 0;
		change->rounds++;
		return;
	}
	tight = above + below <= quiet_pages(change);
	if (!tight) {
		above += size / 8;
		below += size / 8;
	}
	good = all_agree(change, above, below);
	change->agreed += good;
	change->missed += !good;
	change->streak = good ? 0 : change->streak + 1;
	change->tight = good && tight;
	change->rounds++;
}

static int by_value(const void *a, const void *b)
{
	long long x = *(const long long *)a, y = *(const long long *)b;

	return (x > y) - (x < y);
}

/*
 * The changes of an account over the step, all rounds' in ascending order.
 * From one round to the next the case leaves nothing behind: what changed
 * over that time is others' pace, and their share of the step's time is
 * taken off.
 *
 * Returns how many there are.
 */
static unsigned int sort_changes(const struct system_change *change, enum system_account account,
				 long long changes[SYSTEM_ROUNDS])
{
	unsigned int n = change->rounds - 1;

	for (unsigned int i = 0; i < n; i++) {
		const struct system_reading *before = &change->before[i];
		const struct system_reading *after = &change->after[i];
		const struct system_reading *next = &change->before[i + 1];
		double share = (double)(after->when - before->when) /
			       (double)(next->when - before->when + 1);
		double foreign = (double)changed_over(change, i, account);

		changes[i] = changed_in(change, i, account) - (long long)(foreign * share);
	}
	qsort(changes, n, sizeof(*changes), by_value);
	return n;
}

/*
 * No round was quiet: do all of them together show what the step should do (1), or
 * that it does something else (-1)?  A step that takes pages which it should not
 * take is never quiet; but what it does it does in each round, and others do not.
 */
static int rounds_say(struct system_change *change)
{
	long long size = step_size(change), changes[SYSTEM_ROUNDS];
	int say = 1;

	if (change->rounds < ROUNDS_ENOUGH / 2 || change->drift > size / 8)
		return 0;
	for (int i = 0; i < NR_SYSTEM_ACCOUNTS; i++) {
		unsigned int n = sort_changes(change, i, changes), alike = 0;
		long long median = changes[n / 2];

		for (unsigned int j = 0; j < n; j++)
			alike += llabs(changes[j] - median) <= size / 8;
		if (alike * 4 >= n * 3 && !agrees(change, i, median, size / 2, size / 2))
			return -1;
		if (!agrees(change, i, median, size / 4, size / 4))
			say = 0;
	}
	return say;
}

/*
 * Do round after round miss, and is that the kernel's doing?  Who exits unmaps up
 * to ten thousand pages before it gives back the first (MAX_GATHER_BATCH_COUNT):
 * no event tells of these, and a few short rounds may pass meanwhile.  But they
 * do not come back; what the step is wrong by does, when the case takes it down.
 * Where that leaks as well, it does so for longer than anybody exits.
 */
static bool keeps_missing(const struct system_change *change)
{
	if (change->streak >= MISSES_AWAY)
		return true;
	if (change->streak <= MISSES)
		return false;
	for (unsigned int i = change->rounds - 1 - MISSES; i < change->rounds - 1; i++) {
		enum system_account account = change->missed_by[i];
		long long wrong = changed_in(change, i, account) - expected(change, account);

		if (llabs(changed_over(change, i, account)) > llabs(wrong) / 2)
			return false;
	}
	return true;
}

/* Without another round: one says enough, or what is there by now does. */
static bool is_decided(struct system_change *change)
{
	if (change->inconclusive || change->tight || keeps_missing(change))
		return true;
	if (change->rounds < ROUNDS_ENOUGH || change->rounds % ROUNDS_MORE)
		return false;
	return change->agreed > change->missed || rounds_say(change);
}

static void conclude(struct system_change *change)
{
	int say;

	if (change->inconclusive || keeps_missing(change))
		return;
	say = change->tight || change->agreed > change->missed ? 1 : rounds_say(change);
	if (say < 0)
		return;
	if (say)
		change->amiss[0] = '\0';
	else if (change->drift > step_size(change) / 8)
		change->inconclusive =
			"needs flush: root to fold the per-CPU counts of a machine this large";
	else
		change->inconclusive = "inconclusive: others kept taking and giving back memory";
}

/**
 * system_judge - take in the round that has ended
 * @change: with the readings of this round and those before
 * @now: what the system did up to now; up to the round's beginning is in @change
 * @last: there is no time for another
 *
 * Return: true for another round; false once @change says how it came out.
 */
bool system_judge(struct system_change *change, const struct traffic *now, bool last)
{
	if (!change->inconclusive)
		judge_round(change, now);
	if (!is_decided(change) && !last && change->rounds < SYSTEM_ROUNDS)
		return true;
	conclude(change);
	return false;
}
