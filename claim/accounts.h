/* SPDX-License-Identifier: GPL-2.0 */
/* The kernel's several accounts of one mapping, and of one process, held against each other. */
#ifndef ANONMEM_CLAIM_ACCOUNTS_H
#define ANONMEM_CLAIM_ACCOUNTS_H

#include <stdlib.h>

#include "../act/range.h"
#include "scene.h"

const char *accounts_amiss(pid_t pid, const struct range *map);

/* Whatever the state of a mapping, its accounts agree. */
#define CLAIM_ACCOUNTS_AGREE(pid, map) \
	CLAIM_STREQ("", accounts_amiss(pid, map))

/* What a process is told to hold, by each file that tells. In pages, where nothing else is said. */
struct told {
	long long status, resident, rollup, rollup_anon;
	long long pss_of_no_kind;	/* in kB */
};

struct told tell(pid_t pid);

/* Pages of @touched came (or went) in every account; @drift is the approximate ones'. */
#define CLAIM_TOLD(before, after, touched, drift)				\
	do {									\
		CLAIM_EQ(touched, (after).rollup - (before).rollup);		\
		CLAIM_EQ(touched, (after).rollup_anon - (before).rollup_anon);	\
		CLAIM_GE(drift, llabs((after).status - (before).status - (touched))); \
		CLAIM_GE(drift, llabs((after).resident - (before).resident - (touched))); \
	} while (0)

#endif /* ANONMEM_CLAIM_ACCOUNTS_H */
