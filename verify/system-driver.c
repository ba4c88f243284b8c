// SPDX-License-Identifier: GPL-2.0
/*
 * Feeds claim/verdict.c with readings made up for it, and sees what it says of
 * them: what a machine shows now and then, here it shows when asked.
 *
 * Prints "ok|not ok NAME" for each, and exits 1 if one is not ok.
 */
#include <stdio.h>
#include <string.h>

#include "../claim/system.h"

#define STEP	512	/* pages, of anonymous memory */

enum verdict { AGREES, DIFFERS, CANNOT_SAY };

static const char * const verdict_name[] = { "agrees", "differs", "cannot say" };

/* Rounds that are alike; the last phase goes on for as long as it takes. */
struct phase {
	unsigned int rounds;
	long seen;		/* what AnonPages and "used" change by over the step */
	long stays;		/* and over the whole round */
	long allocs, frees;	/* pages in the whole round, of anybody */
	long jitter;		/* what others add or take over the step, up to so many */
	long swapped;
};

static const struct story {
	const char *name;
	enum verdict verdict;
	unsigned int most;	/* rounds that it may take */
	long drift;		/* batches, where counts are not flushed */
	struct phase phases[2];
} stories[] = {
	{ "a quiet round", AGREES, 1, 0,
	  { { 0, STEP, 0, STEP, STEP, 0, 0 } } },
	{ "a step that adds nothing", DIFFERS, 8, 0,
	  { { 0, 0, 0, STEP, STEP, 0, 0 } } },
	{ "a step that adds half", DIFFERS, 8, 0,
	  { { 0, STEP / 2, 0, STEP, STEP, 0, 0 } } },
	{ "a step that adds twice as much, and takes the pages for it", DIFFERS, 32, 0,
	  { { 0, 2 * STEP, 0, 2 * STEP, 2 * STEP, 0, 0 } } },
	{ "others take a little in the step", AGREES, 1, 0,
	  { { 0, STEP + 30, 30, STEP + 30, STEP, 0, 0 } } },
	{ "others free late, then it is quiet", AGREES, 2, 0,
	  { { 1, STEP - 100, -100, STEP, STEP + 100, 0, 0 }, { 0, STEP, 0, STEP, STEP, 0, 0 } } },
	{ "one round misses, then it is quiet", AGREES, 2, 0,
	  { { 1, 0, 0, STEP, STEP, 0, 0 }, { 0, STEP, 0, STEP, STEP, 0, 0 } } },
	{ "a large process exits: pages unmapped that no event tells of", AGREES, 21, 0,
	  { { 20, STEP - 600, -600, STEP, STEP, 0, 0 }, { 0, STEP, 0, STEP, STEP, 0, 0 } } },
	{ "a step that is wrong and leaks", DIFFERS, 64, 0,
	  { { 0, 2 * STEP, STEP, STEP, STEP, 0, 0 } } },
	{ "others never rest, and all rounds show the same", AGREES, 32, 0,
	  { { 0, STEP, 0, 9000, 9000, 60, 0 } } },
	{ "others never rest, and all rounds show something else", DIFFERS, 32, 0,
	  { { 0, 3 * STEP, 0, 9000, 9000, 60, 0 } } },
	{ "others never rest, and rounds show anything", CANNOT_SAY, SYSTEM_ROUNDS, 0,
	  { { 0, STEP + 2000, 0, 9000, 9000, 3000, 0 } } },
	{ "somebody swaps, and it is quiet otherwise", AGREES, 32, 0,
	  { { 0, STEP, 0, STEP, STEP, 0, 1 } } },
	{ "somebody swaps, then nobody does", AGREES, 6, 0,
	  { { 5, 0, 0, STEP, STEP, 0, 1 }, { 0, STEP, 0, STEP, STEP, 0, 0 } } },
	{ "counts that lag by little", AGREES, 1, 60,
	  { { 0, STEP - 60, 0, STEP, STEP, 0, 0 } } },
	{ "counts that lag by less than what is wrong", DIFFERS, 8, 60,
	  { { 0, STEP - 200, 0, STEP, STEP, 0, 0 } } },
	{ "a large machine whose counts cannot be flushed", CANNOT_SAY, SYSTEM_ROUNDS, 4000,
	  { { 0, 0, 0, STEP, STEP, 0, 0 } } },
};

/* Numbers that look like chance and are the same each time. */
static long jitter_of(unsigned int round, long most)
{
	unsigned int x = (round + 1) * 2654435761U;

	return most ? (long)((x >> 8) % (2 * (unsigned long)most + 1)) - most : 0;
}

static void read_pages(struct system_reading *reading, long long when, long long anon)
{
	*reading = (struct system_reading){ .when = when };
	reading->pages[SYSTEM_ANON] = anon;
	reading->pages[SYSTEM_USED] = anon;
}

static enum verdict run(const struct story *story, struct system_change *change)
{
	struct traffic now = { 0 };
	long long anon = 100000;
	bool another = true;

	memset(change, 0, sizeof(*change));
	change->anon = STEP;
	change->flushed = !story->drift;
	change->drift = story->drift;
	for (unsigned int i = 0; another; i++) {
		const struct phase *phase = &story->phases[story->phases[0].rounds &&
							   i >= story->phases[0].rounds];

		read_pages(&change->before[i], 1000LL * i, anon);
		read_pages(&change->after[i], 1000LL * i + 500,
			   anon + phase->seen + jitter_of(i, phase->jitter));
		anon += phase->stays;
		now.allocs += phase->allocs;
		now.frees += phase->frees;
		now.swapped += phase->swapped;
		another = system_judge(change, &now, false);
		change->traffic = now;
	}
	return change->inconclusive ? CANNOT_SAY : *change->amiss ? DIFFERS : AGREES;
}

int main(void)
{
	static struct system_change change;
	int failed = 0;

	for (size_t i = 0; i < sizeof(stories) / sizeof(*stories); i++) {
		enum verdict verdict = run(&stories[i], &change);
		bool ok = verdict == stories[i].verdict && change.rounds <= stories[i].most;

		printf("%s %s\n", ok ? "ok" : "not ok", stories[i].name);
		if (!ok)
			printf("# %s after %u rounds, not %s after at most %u; %s%s\n",
			       verdict_name[verdict], change.rounds,
			       verdict_name[stories[i].verdict], stories[i].most, change.amiss,
			       change.inconclusive ?: "");
		failed += !ok;
	}
	return !!failed;
}
