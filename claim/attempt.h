/* SPDX-License-Identifier: GPL-2.0 */
/* Running claims in a process of their own, again where they were disturbed. */
#ifndef ANONMEM_CLAIM_ATTEMPT_H
#define ANONMEM_CLAIM_ATTEMPT_H

#include <stdbool.h>

#include "../observe/sysmem.h"

struct attempt {
	int verdict;		/* KSFT_*, once attempt_next() has returned false */
	const char *inconclusive; /* why nothing can be said, else NULL */
	char how[320];		/* how a failed attempt ended, for people */
	int tries;
	int seldom;		/* the last so many, by what strikes but now and then */
	long long deadline;	/* for another one */
};

void attempt_begin(void);
bool attempt_next(struct attempt *attempt);
void attempt_struck_by(enum disturbance what);
void attempt_is_firm(void);
_Noreturn void attempt_end(int verdict);
_Noreturn void attempt_break_off(void);

#endif /* ANONMEM_CLAIM_ATTEMPT_H */
