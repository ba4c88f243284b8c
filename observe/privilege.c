// SPDX-License-Identifier: GPL-2.0
/* What the caller may do. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "privilege.h"
#include "procfs.h"

static bool has_cap(int cap)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct sets[_LINUX_CAPABILITY_U32S_3] = { { 0 } };

	return !syscall(SYS_capget, &header, sets) &&
	       sets[CAP_TO_INDEX(cap)].effective & CAP_TO_MASK(cap);
}

/**
 * privilege_can_drop - may the caller become another user?
 */
bool privilege_can_drop(void)
{
	return has_cap(CAP_SETUID) && has_cap(CAP_SETGID);
}

/**
 * privilege_is_full - is a capability held, and in the initial user namespace?
 * @cap: its number, linux/capability.h
 *
 * Root of a container's user namespace has capabilities that the kernel does
 * not honour where it asks for those of the machine.
 */
bool privilege_is_full(int cap)
{
	unsigned long long inside, outside, count;
	bool initial;
	char *map;

	if (!has_cap(cap))
		return false;
	if (procfs_slurp_pid(0, "uid_map", &map))
		return true;	/* a kernel without user namespaces */
	initial = sscanf(map, "%llu %llu %llu", &inside, &outside, &count) == 3 &&
		  !inside && !outside && count == 4294967295ULL;
	free(map);
	return initial;
}
