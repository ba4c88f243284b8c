// SPDX-License-Identifier: GPL-2.0
/* Limits on resources that whoever started the tests has set. */
#include <stddef.h>
#include <sys/resource.h>

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
 * limits_leave - is there so much of a resource?
 * @resource: RLIMIT_*
 * @enough: how much
 */
bool limits_leave(int resource, size_t enough)
{
	struct rlimit limit;

	return !getrlimit(resource, &limit) && limit.rlim_cur >= enough;
}
