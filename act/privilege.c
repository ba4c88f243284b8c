// SPDX-License-Identifier: GPL-2.0
/* Becoming somebody who may do less. */
#include <errno.h>
#include <grp.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "privilege.h"

/* Whatever the calls that should have done it have said. */
static bool is_nobody(void)
{
	return getuid() == NOBODY && geteuid() == NOBODY && getgid() == NOBODY &&
	       getegid() == NOBODY && !getgroups(0, NULL);
}

/**
 * privilege_drop - become nobody, for good
 *
 * The process keeps the right to look at itself: a change of credentials
 * makes its own /proc files root's until it is dumpable again, see proc(5).
 *
 * Return: 0 or -errno, -ECANCELED where it is somebody else still.
 */
int privilege_drop(void)
{
	if (setgroups(0, NULL) || setresgid(NOBODY, NOBODY, NOBODY) ||
	    setresuid(NOBODY, NOBODY, NOBODY))
		return -errno;
	if (!is_nobody())
		return -ECANCELED;
	return prctl(PR_SET_DUMPABLE, 1) ? -errno : 0;
}

/**
 * privilege_can_unshare - may the caller make a user namespace?
 *
 * Tried in a child: nothing leads back out of one.
 */
bool privilege_can_unshare(void)
{
	pid_t pid = fork();
	int status;

	if (!pid)
		_exit(unshare(CLONE_NEWUSER) ? 1 : 0);
	return pid > 0 && waitpid(pid, &status, 0) == pid && WIFEXITED(status) &&
	       !WEXITSTATUS(status);
}
