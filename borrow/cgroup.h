/* SPDX-License-Identifier: GPL-2.0 */
/* A case borrows memory cgroups (version 2) here for its length. */
#ifndef ANONMEM_BORROW_CGROUP_H
#define ANONMEM_BORROW_CGROUP_H

#include <stdbool.h>
#include <sys/types.h>

#include "guardian.h"

#define CGROUPS	2

struct cgroups {
	char path[CGROUPS][4096];	/* of their directories */
	struct guardian guardian;
};

bool cgroup_possible(void);
int cgroups_make(struct cgroups *groups);
int cgroups_remove(struct cgroups *groups);
int cgroup_enter(const char *path, pid_t pid);

#endif /* ANONMEM_BORROW_CGROUP_H */
