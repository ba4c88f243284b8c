/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a case cannot do without.  A need is a probe and a constant reason;
 * where the probe says no the case is skipped, or fails where the need is
 * named in $ANONMEM_REQUIRE.
 */
#ifndef ANONMEM_CLAIM_NEED_H
#define ANONMEM_CLAIM_NEED_H

#include <stdbool.h>
#include <stddef.h>

struct swaparea;

enum need {
	NEED_PFN,
	NEED_KPAGE,
	NEED_SCAN,
	NEED_SWAP,
	NEED_MAP_FILES,
	NEED_DROP,
	NEED_SCRATCH,
	NEED_TMPFS,
	NEED_MEMFD,
	NEED_EXT4,
	NEED_XFS,
	NEED_BTRFS,
	NEED_OVERLAY,
	NEED_HUGETLB,
	NEED_STORAGE,
	NEED_UNSTACKED,
	NEED_FORCE,
	NEED_PTRACE,
	NEED_USERNS,
	NEED_SOFT_DIRTY,
	NEED_UFFD_WP,
	NEED_GUARD,
	NEED_GUARD_BIT,
	NEED_CPUS,
	NEED_OWN_SWAP,
	NEED_THP,
	NEED_MTHP,
	NEED_HUGE_ZERO,
	NEED_KSM,
	NEED_PIN,
	NEED_DIRECT,
	NEED_SYSV,
	NEED_DEV_ZERO,
	NEED_SHMEM_THP,
	NEED_CGROUP,
	NEED_POPULATE,
	NEED_MLOCK,
	NEED_OVERCOMMIT,
	NEED_ROLLUP,
	NR_NEEDS
};

void need_begin(void);
bool need_met(enum need need);
bool need_folios_met(size_t size);
void need_end(void);
void need_await_end(void);
const char *need_inconclusive(void);
const char *need_reason(enum need need);
bool need_required(enum need need);
const char *need_unknown_requirement(void);
void need_provide_swap(void);
void need_provide_filesystems(bool all_at_once);
const struct swaparea *need_swap_area(void);

/* Ends the case here where a need is not met. */
#define NEED_OR_SKIP(what)	NEED_ONE_OR_SKIP(NEED_##what)

/* The same for a variant, whose need is a value. */
#define NEED_ONE_OR_SKIP(need)	NEED_THAT_OR_SKIP(need_met(need), need)

/* The same where more than the need alone decides. */
#define NEED_THAT_OR_SKIP(met, need)						\
	do {									\
		if (!(met)) {							\
			if (need_inconclusive())				\
				SKIP(return, "%s", need_inconclusive());	\
			ASSERT_FALSE(need_required(need))			\
				TH_LOG("required: %s", need_reason(need));	\
			SKIP(return, "%s", need_reason(need));			\
		}								\
	} while (0)

#endif /* ANONMEM_CLAIM_NEED_H */
