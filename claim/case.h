/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Test cases that start over when the machine, not the kernel's promise, got
 * in their way.
 *
 * Reclaim, migration and khugepaged may at any moment take or move the pages
 * that a case looks at.  The kernel counts what they do, so: each case runs in
 * a process of its own; where its claims hold, they hold; where one fails and
 * no counter moved meanwhile of what can strike its pages, the case fails;
 * where one moved, the case starts over from fresh state as often as there is
 * time for, and in the end is inconclusive, which is a skip and never a pass.
 * But what fails each time by what strikes now and then fails the case.
 * What can strike, beyond what can strike anything, a case says beforehand by
 * attempt_struck_by(), or what arranges its pages does.
 * What is in memory is not theirs to change: a byte that is not what it was,
 * or a signal in place of it (CLAIM_DATA), fails the case at once.  All that a
 * case forks stays in its process group, and goes with it, and with the
 * program, however they end.
 */
#ifndef ANONMEM_CLAIM_CASE_H
#define ANONMEM_CLAIM_CASE_H

#include <fcntl.h>

#include "../act/access.h"
#include "../act/hugepage.h"
#include "../act/limits.h"
#include "../act/peer.h"
#include "../act/range.h"
#include "../observe/pagemap.h"
#include "../observe/smaps.h"
#include "attempt.h"
#include "harness.h"
#include "need.h"
#include "provide.h"
#include "scene.h"

/*
 * ASSERT_DONE() of what may be impossible just now, for want of what others have:
 * act/ and borrow/ say so by -EAGAIN. It ends the case here; any other error fails.
 */
#define DONE_OR_SKIP(act, why)							\
	do {									\
		long long done = act;						\
										\
		if (done == -EAGAIN)						\
			SKIP(return, "inconclusive: %s", why);			\
		ASSERT_DONE(done);						\
	} while (0)

/* One huge page. */
#define MAP_THP_OR_SKIP(map)							\
	do {									\
		attempt_struck_by(HUGE);					\
		DONE_OR_SKIP(map_thp(map), "no huge page to be had");		\
	} while (0)

/* Takes the area away for a moment. */
#define EMPTY_SWAP_AREA_OR_SKIP() \
	DONE_OR_SKIP(swaparea_empty(provided_area()), "another run uses the swap area")

#define CASE_ATTEMPTS(run_claims)						\
	do {									\
		struct attempt attempt = { 0 };					\
										\
		while (attempt_next(&attempt)) {				\
			struct __test_metadata claims = *_metadata;		\
										\
			if (CLAIMS_LEFT(claims))				\
				attempt_break_off();				\
			run_claims;						\
			attempt_end(case_verdict(&claims));			\
		}								\
		if (attempt.verdict == KSFT_SKIP) {				\
			char why[1024];						\
										\
			snprintf(why, sizeof(why), "%s", attempt.inconclusive ?: \
				 case_reason(_metadata));			\
			ASSERT_FALSE(need_conclusion(why))			\
				TH_LOG("required: conclusive: %s", attempt.inconclusive ? \
				       attempt.how : why);			\
			SKIP(return, "%s", why);				\
		}								\
		EXPECT_EQ(KSFT_PASS, attempt.verdict)				\
			TH_LOG("%s", attempt.how);				\
	} while (0)

#define CASE_TEST(name, before)							\
	static CLAIMS_APART void name##_claims(struct __test_metadata *_metadata); \
	TEST(name)								\
	{									\
		CASE_ATTEMPTS(before; name##_claims(&claims));			\
	}									\
	static void name##_claims(struct __test_metadata __attribute__((unused)) *_metadata)

/* TEST() whose body runs as described above. */
#define QUIET_TEST(name)	CASE_TEST(name, (void)0)

/* The same of what disturbs itself: it fails whatever went on meanwhile. */
#define LOUD_TEST(name)		CASE_TEST(name, attempt_is_firm())

/* QUIET_TEST() for each variant of a fixture. */
#define QUIET_TEST_F(fixture_name, test_name)					\
	static CLAIMS_APART void fixture_name##_##test_name##_claims(		\
		struct __test_metadata *_metadata,				\
		const FIXTURE_VARIANT(fixture_name) *variant);			\
	TEST_F(fixture_name, test_name)						\
	{									\
		CASE_ATTEMPTS(fixture_name##_##test_name##_claims(&claims, variant)); \
	}									\
	static void fixture_name##_##test_name##_claims(			\
		struct __test_metadata __attribute__((unused)) *_metadata,	\
		const FIXTURE_VARIANT(fixture_name) __attribute__((unused)) *variant)

/* A fixture that is nothing but its variants: cases arrange their own state. */
#define VARIANTS_ONLY(fixture)							\
	FIXTURE(fixture) { };							\
	FIXTURE_SETUP(fixture) { }						\
	FIXTURE_TEARDOWN(fixture) { }						\
	FIXTURE_VARIANT(fixture)

static pid_t program;

static inline void program_fail_unheard(void)
{
	fprintf(stderr, "%s: what it found is lost: standard output is closed or full\n",
		program_invocation_short_name);
	_exit(KSFT_FAIL);
}

/* Results that nobody can read are no pass; a process that a case forked does not judge. */
static inline void program_end(void)
{
	bool lost = ferror(stdout);

	if (getpid() == program && (fclose(stdout) || lost))
		program_fail_unheard();
}

/* Not there, or closed to the caller, is a want.  Where what opens does not work, cases fail. */
static inline void program_ask_pagemap(void)
{
	uint64_t entry;
	int ret = pagemap_read(0, &entry, 1, &entry);

	if (ret != -ENOENT && ret != -EACCES && ret != -EPERM)
		return;
	ksft_print_header();
	ksft_exit_skip("needs pagemap: CONFIG_PROC_PAGE_MONITOR\n");
}

/*
 * What every program does first: see that it is heard, answer "--cases",
 * refuse a misspelt or empty $ANONMEM_REQUIRE rather than ignore it, skip as a
 * whole, before the first line of output, where nothing could be observed at
 * all, and see that no "ulimit" is what cases fail by.
 */
static inline void program_begin(int argc, char **argv)
{
	const char *unknown = need_unknown_requirement();

	/* The next file to be opened would get what is printed. */
	if (fcntl(STDOUT_FILENO, F_GETFD) < 0 || fcntl(STDERR_FILENO, F_GETFD) < 0)
		program_fail_unheard();
	/* Runs last: what registers later has its areas to take away. */
	program = getpid();
	atexit(program_end);
	if (unknown) {
		fprintf(stderr, "ANONMEM_REQUIRE: no need is called '%.*s' (of '%s')\n",
			(int)strcspn(unknown, ","), unknown, getenv("ANONMEM_REQUIRE"));
		exit(KSFT_FAIL);
	}
	if (argc == 2 && !strcmp(argv[1], "--cases")) {
		print_cases();
		exit(KSFT_PASS);
	}
	program_ask_pagemap();
	limits_lift();
	attempt_begin();
}

#endif /* ANONMEM_CLAIM_CASE_H */
