// SPDX-License-Identifier: GPL-2.0
/* What a case cannot do without: the table, and the asking. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "../act/directio.h"
#include "../act/limits.h"
#include "../act/marks.h"
#include "../act/pageout.h"
#include "../act/pinned.h"
#include "../act/privilege.h"
#include "../act/range.h"
#include "../act/sharing.h"
#include "../act/touch.h"
#include "../borrow/cgroup.h"
#include "../borrow/ksmd.h"
#include "../borrow/scratch.h"
#include "../borrow/settings.h"
#include "../borrow/thp.h"
#include "../observe/kpage.h"
#include "../observe/object.h"
#include "../observe/pagemap.h"
#include "../observe/privilege.h"
#include "attempt.h"
#include "need.h"
#include "provide.h"

/* For another run to end the case at hand; the longest take a second or two. */
#define SETTINGS_MS	10000
#define GUARDIAN_MS	2000

/* Besides the needs' names, a word for $ANONMEM_REQUIRE. */
#define CONCLUSIVE	"conclusive"

static struct settings settings;
static bool settings_busy;
/* Shared by all cases: the first that waits in vain has waited for all of them. */
static int unshared, *settings_patience = &unshared;

static bool has_settings(void)
{
	int ret = settings_hold(&settings, *settings_patience);

	settings_busy = ret == -ETIMEDOUT;
	if (settings_busy)
		*settings_patience = 0;
	return !ret;
}

#define DEFINE_PROBE(id, name, what, probe)					\
	static bool probe_##id(void)						\
	{									\
		return probe;							\
	}
NEEDS(DEFINE_PROBE, DEFINE_PROBE)

static const struct {
	const char *name;
	const char *reason;
	bool (*probe)(void);
	bool held;
} needs[NR_NEEDS] = {
#define NEED_ROW(id, name, what, probe)						\
	[NEED_##id] = { name, "needs " name ": " what, probe_##id, false },
#define HELD_ROW(id, name, what, probe)						\
	[NEED_##id] = { name, "needs " name ": " what, probe_##id, true },
	NEEDS(NEED_ROW, HELD_ROW)
};

__attribute__((constructor)) static void share_patience(void)
{
	void *shared = mmap(NULL, sizeof(*settings_patience), PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (shared == MAP_FAILED)
		return;
	settings_patience = shared;
	*settings_patience = SETTINGS_MS;
}

/**
 * need_met - can this kernel and user be asked?
 * @need: for what; none of those that are held
 *
 * Nothing changes by it.
 */
bool need_met(enum need need)
{
	if (needs[need].held) {
		fprintf(stderr, "# %s: to be taken, not asked about\n", needs[need].name);
		attempt_is_firm();
		abort();
	}
	return need_take(need);
}

/**
 * need_take - see to it that this kernel and user can be asked
 * @need: for what
 *
 * Where a setting of the machine decides, it is held as it is, or changed by
 * root, until need_end() or the end of the process; that may wait for another
 * run to end its case.
 *
 * Return: true where they can.
 */
bool need_take(enum need need)
{
	return need == NO_NEED || needs[need].probe();
}

/**
 * need_take_folios - need_take() NEED_MTHP for one size only
 * @size: of the folios, in bytes
 *
 * Other sizes stay as they are set.
 *
 * Return: true where it is to be had.
 */
bool need_take_folios(size_t size)
{
	return has_settings() && thp_enable_size(&settings, size);
}

/**
 * need_end - put back the settings that were changed to meet needs
 *
 * To be called where a case ends, and in main() where it asked. Does nothing in
 * a process forked by the one that asked.
 */
void need_end(void)
{
	settings_release(&settings);
}

/**
 * need_await_end - wait for need_end() on behalf of a process that died
 *
 * Its guardian is at it, and the system's counts are not what they were before.
 */
void need_await_end(void)
{
	struct settings none = { 0 };

	if (!settings_hold(&none, GUARDIAN_MS))
		settings_release(&none);
}

/**
 * need_inconclusive - why need_take() could not tell
 *
 * Return: the reason, the same on every machine, or NULL where it could.
 */
const char *need_inconclusive(void)
{
	return settings_busy ? "inconclusive: another run holds the settings" : NULL;
}

/**
 * need_reason - why a case is skipped, the same on every machine
 * @need: what it lacks
 */
const char *need_reason(enum need need)
{
	return needs[need].reason;
}

/**
 * need_required - does the user insist on a need?
 * @need: which
 *
 * Return: true where $ANONMEM_REQUIRE names it or says "all".
 */
bool need_required(enum need need)
{
	const char *list = getenv("ANONMEM_REQUIRE");

	return list && (words_have(list, "all") || words_have(list, needs[need].name));
}

/**
 * need_conclusion - does the user insist on what a case could not come to?
 * @reason: why it was skipped
 *
 * Return: true where it was inconclusive and $ANONMEM_REQUIRE names that. "all" is
 * every need: a machine can be made to meet those, but not to be idle.
 */
bool need_conclusion(const char *reason)
{
	const char *list = getenv("ANONMEM_REQUIRE");

	return !strncmp(reason, "inconclusive:", strlen("inconclusive:")) && list &&
	       words_have(list, CONCLUSIVE);
}

/**
 * need_unknown_requirement - what $ANONMEM_REQUIRE names and nobody knows
 *
 * An empty word, too: it is what an unset variable leaves of a list.
 *
 * Return: the first such word and what follows it, or NULL.
 */
const char *need_unknown_requirement(void)
{
	const char *word = getenv("ANONMEM_REQUIRE");

	while (word) {
		size_t len = strcspn(word, ",");
		bool known = (len == 3 && !strncmp(word, "all", 3)) ||
			     (len == strlen(CONCLUSIVE) && !strncmp(word, CONCLUSIVE, len));

		for (size_t i = NO_NEED + 1; i < NR_NEEDS; i++)
			known |= strlen(needs[i].name) == len &&
				 !strncmp(word, needs[i].name, len);
		if (!known)
			return word;
		word = word[len] ? word + len + 1 : NULL;
	}
	return NULL;
}
