// SPDX-License-Identifier: GPL-2.0
/* A process that puts things back when the program cannot any more. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "guardian.h"

/* From fork to the first byte, on a slow emulated machine under load. */
#define READY_MS	20000
/* What a test gets from the harness: no orphan of a killed one needs longer. */
#define ORPHAN_S	30

static void close_from(unsigned int first)
{
	long limit = sysconf(_SC_OPEN_MAX);

#ifdef SYS_close_range
	if (!syscall(SYS_close_range, first, ~0U, 0))
		return;
#endif
	if (limit < 0 || limit > 65536)
		limit = 65536;
	for (long fd = first; fd < limit; fd++)
		close((int)fd);
}

/*
 * Whoever reads the program's output must see its end, a file system it stood
 * on must not stay busy, and what kills its process group must miss us. Signals
 * were blocked before the fork and stay so.
 */
static void detach(int hold, int ready, int keep)
{
	setsid();
	prctl(PR_SET_NAME, "anonmem-guard");
	umask(077);
	if (chdir("/"))
		_exit(1);
	/* Out of the way of those below, which the program may have had closed. */
	hold = fcntl(hold, F_DUPFD, 4);
	ready = fcntl(ready, F_DUPFD, 4);
	keep = keep < 0 ? hold : fcntl(keep, F_DUPFD, 4);
	if (dup2(hold, 0) < 0 || dup2(ready, 1) < 0 || dup2(keep, 3) < 0)
		_exit(1);
	close(2);
	close_from(4);
	if (write(1, "", 1) != 1)
		_exit(1);
	/* The C library may have something to say; it must not hit a file of ours. */
	close(1);
	if (open("/dev/null", O_RDWR) == 1)
		dup2(1, 2);
}

static void outlast(pid_t program)
{
	struct pollfd hold = { .fd = 0, .events = POLLIN };
	int orphaned = 0;

	while (poll(&hold, 1, 1000) <= 0)
		if (getppid() != program && ++orphaned > ORPHAN_S)
			break;
}

static int await_ready(int fd)
{
	struct pollfd ready = { .fd = fd, .events = POLLIN };
	char byte;
	int n;

	do {
		n = poll(&ready, 1, READY_MS);
	} while (n < 0 && errno == EINTR);
	if (n < 0)
		return -errno;
	if (!n)
		return -ETIMEDOUT;
	return read(fd, &byte, 1) == 1 ? 0 : -ECHILD;
}

static pid_t fork_unsignalled(void)
{
	sigset_t all, old;
	pid_t pid;
	int err;

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &old);
	pid = fork();
	err = errno;
	if (pid)
		sigprocmask(SIG_SETMASK, &old, NULL);
	errno = err;
	return pid;
}

static int open_pipes(int hold[2], int ready[2])
{
	int err;

	if (pipe2(hold, O_CLOEXEC))
		return -errno;
	if (!pipe2(ready, O_CLOEXEC))
		return 0;
	err = -errno;
	close(hold[0]);
	close(hold[1]);
	return err;
}

/**
 * guardian_start - have a process ready to undo what the program is about to do
 * @guardian: filled in
 * @keep: a file for it to keep open, e.g. for the lock on it; -1: none
 * @restore: what to run once the program is gone; prints nothing
 * @arg: handed to @restore, as it was at the time of this call
 *
 * The guardian is a child in a session of its own, with every signal blocked
 * and no other file of the program's open. It runs @restore and exits when the
 * program and all it forked have ended, however they ended, or when what the
 * program forked outlives it by half a minute. On return it is out of reach of
 * what kills the program's process group. Children that exec do not count.
 *
 * Return: 0 or -errno; -ECHILD where the guardian died at once.
 */
int guardian_start(struct guardian *guardian, int keep, void (*restore)(void *arg), void *arg)
{
	int hold[2], ready[2], err;
	pid_t program = getpid(), pid;

	guardian->pid = 0;
	err = open_pipes(hold, ready);
	if (err)
		return err;
	pid = fork_unsignalled();
	if (!pid) {
		detach(hold[0], ready[1], keep);
		outlast(program);
		restore(arg);
		_exit(0);
	}
	err = pid < 0 ? -errno : 0;
	close(hold[0]);
	close(ready[1]);
	if (err) {
		close(hold[1]);
	} else {
		guardian->pid = pid;
		guardian->hold = hold[1];
		err = await_ready(ready[0]);
	}
	close(ready[0]);
	if (err)
		guardian_dismiss(guardian);
	return err;
}

/*
 * The pid is the guardian's as long as nobody has reaped it; after a stray
 * wait() elsewhere in the program it may be anybody's.
 */
static bool still_ours(pid_t pid)
{
	siginfo_t info;

	return !waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT);
}

/**
 * guardian_dismiss - end the guardian; it restores nothing
 * @guardian: from guardian_start()
 *
 * For when there is nothing left to restore. Returns when the guardian is
 * gone. May be called twice, and after a failed start.
 */
void guardian_dismiss(struct guardian *guardian)
{
	if (guardian->pid && still_ours(guardian->pid)) {
		kill(guardian->pid, SIGKILL);
		while (waitpid(guardian->pid, NULL, 0) < 0 && errno == EINTR)
			;
	}
	if (guardian->pid)
		close(guardian->hold);
	guardian->pid = 0;
}
