// SPDX-License-Identifier: GPL-2.0
/* Limits on resources, and habits, that whoever started the tests has set. */
#include <linux/mempolicy.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../observe/uapi.h"
#include "limits.h"

static const struct {
	int resource;
	rlim_t enough;
} limits[] = {
	{ RLIMIT_AS,		RLIM_INFINITY },
	{ RLIMIT_DATA,		RLIM_INFINITY },
	{ RLIMIT_FSIZE,		RLIM_INFINITY },
	/* A case of many children has a socket for each. */
	{ RLIMIT_NOFILE,	256 },
	/* What init has, INIT_RLIMITS; more than the 64 pages of 64K it may grow by. */
	{ RLIMIT_STACK,		8 << 20 },
};

/**
 * limits_lift - have what "ulimit" set be out of the way
 *
 * For the caller and whom it forks: up to what is enough, or as far as the
 * caller may, see setrlimit(2).  RLIMIT_MEMLOCK stays, as it is what some cases
 * are about.
 */
void limits_lift(void)
{
	for (size_t i = 0; i < sizeof(limits) / sizeof(*limits); i++) {
		struct rlimit limit, lifted;

		if (getrlimit(limits[i].resource, &limit) || limit.rlim_cur >= limits[i].enough)
			continue;
		lifted.rlim_cur = limits[i].enough;
		lifted.rlim_max = limit.rlim_max > lifted.rlim_cur ? limit.rlim_max :
								     lifted.rlim_cur;
		if (!setrlimit(limits[i].resource, &lifted))
			continue;
		limit.rlim_cur = limit.rlim_max;
		setrlimit(limits[i].resource, &limit);
	}
}

/**
 * limits_leave_alone - have the kernel leave the caller's pages where they are
 *
 * For the caller and whom it forks: KSM merges only what it is told to, and NUMA
 * balancing passes over a task that has a policy of its own.  "Local" is what
 * tasks without any have.
 *
 * Return: true where no fault is of NUMA balancing's making from now on.
 */
bool limits_leave_alone(void)
{
	int mode;

	prctl(PR_SET_MEMORY_MERGE, 0, 0, 0, 0);
	if (syscall(SYS_get_mempolicy, &mode, NULL, 0, NULL, 0))
		return false;
	if (mode == MPOL_DEFAULT)
		return !syscall(SYS_set_mempolicy, MPOL_PREFERRED, NULL, 0);
	return !(mode & MPOL_F_NUMA_BALANCING);
}

/**
 * limits_leave - is there so much of a resource?
 * @resource: RLIMIT_*
 * @enough: how much
 */
bool limits_leave(int resource, size_t enough)
{
	struct rlimit limit;

	return !getrlimit(resource, &limit) && limit.rlim_cur >= enough;
}
