/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The kselftest harness as a system header: its macros compare signed with
 * unsigned and leave parameters unused, which is its business and would bury
 * what -Wextra has to say of ours.  And all that depends on what is private to
 * it, from 6.1 to 7.2.
 */
#ifndef ANONMEM_CLAIM_HARNESS_H
#define ANONMEM_CLAIM_HARNESS_H

#pragma GCC system_header
/* clang speaks up where a macro is used, not where it is from. */
#pragma GCC diagnostic ignored "-Wsign-compare"
#pragma GCC diagnostic ignored "-Wunused-parameter"

#include "../../kselftest_harness.h"

/* What the claims came to, in the terms of kselftest.h. */
static inline int case_verdict(const struct __test_metadata *claims)
{
#ifdef XFAIL_ADD	/* the harness since 6.9 keeps the exit code */
	return claims->exit_code;
#else
	return claims->skip ? KSFT_SKIP : claims->passed ? KSFT_PASS : KSFT_FAIL;
#endif
}

/* Why they were skipped, where they were. */
static inline const char *case_reason(const struct __test_metadata *claims)
{
	return claims->results->reason;
}

/* A failed ASSERT leaves the claims by longjmp() or, in newer harnesses, abort(). */
#ifdef _SETJMP_H
#define CLAIMS_LEFT(claims)	setjmp((claims).env)
#else
#define CLAIMS_LEFT(claims)	((void)(claims), 0)
#endif
/* Where setjmp() returns twice, no variable of theirs may live. */
#define CLAIMS_APART		__attribute__((noinline))

/* Prints the names that results have, one a line. */
static inline void print_cases(void)
{
	const struct __fixture_variant_metadata none = { .name = "" }, *variant;
	const struct __fixture_metadata *fixture;
	const struct __test_metadata *test;

	for (fixture = __fixture_list; fixture; fixture = fixture->next)
		for (variant = fixture->variant ?: &none; variant; variant = variant->next)
			for (test = fixture->tests; test; test = test->next)
				printf("%s%s%s.%s\n", fixture->name, variant->name[0] ? "." : "",
				       variant->name, test->name);
}

#endif /* ANONMEM_CLAIM_HARNESS_H */
