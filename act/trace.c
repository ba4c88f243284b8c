// SPDX-License-Identifier: GPL-2.0
/* Writing another process's memory as a debugger does. */
#include <errno.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include "patience.h"
#include "peer.h"
#include "trace.h"

/* A traced process stops at once; an emulated machine under load may not. */
#define STOP_PATIENCE_MS	10000

static int await_stop(pid_t pid)
{
	long long deadline = patience_until(STOP_PATIENCE_MS);
	int status;
	pid_t got;

	do {
		got = waitpid(pid, &status, WNOHANG | __WALL);
		if (got < 0)
			return -errno;
		if (got)
			return WIFSTOPPED(status) ? 0 : -ESRCH;
	} while (patience_left(deadline));
	return -ETIMEDOUT;
}

/* The word that holds @addr, with its byte changed, goes back in one piece. */
static int poke(pid_t pid, uintptr_t addr, uint8_t byte)
{
	uintptr_t at = addr & ~(sizeof(long) - 1);
	long word;

	errno = 0;
	word = ptrace(PTRACE_PEEKDATA, pid, (void *)at, NULL);
	if (errno)
		return -errno;
	((uint8_t *)&word)[addr - at] = byte;
	return ptrace(PTRACE_POKEDATA, pid, (void *)at, (void *)word) ? -errno : 0;
}

/**
 * trace_attach - become a process's debugger and let it run
 * @pid: a child of the caller
 *
 * Some kernels let nobody else write past protection through /proc/PID/mem.
 *
 * Return: 0 or -errno.
 */
int trace_attach(pid_t pid)
{
	return ptrace(PTRACE_SEIZE, pid, NULL, NULL) ? -errno : 0;
}

/**
 * trace_poke - write a byte into a process's memory, past its protection
 * @pid: a child of the caller; it is stopped meanwhile
 * @addr: where, in that process
 * @byte: what
 *
 * See PTRACE_POKEDATA in ptrace(2).
 *
 * Return: 0, -errno, or -ETIMEDOUT where it would not stop.
 */
int trace_poke(pid_t pid, void *addr, uint8_t byte)
{
	int ret = trace_attach(pid);

	if (ret)
		return ret;
	if (ptrace(PTRACE_INTERRUPT, pid, NULL, NULL))
		ret = -errno;
	ret = ret ?: await_stop(pid);
	ret = ret ?: poke(pid, (uintptr_t)addr, byte);
	if (ptrace(PTRACE_DETACH, pid, NULL, NULL) && !ret)
		ret = -errno;
	return ret;
}

/**
 * trace_permitted - may the caller trace its children?
 *
 * Sandboxes and security modules forbid it.
 */
bool trace_permitted(void)
{
	struct peer peer;
	bool permitted;

	if (peer_fork(&peer))
		return false;
	permitted = !ptrace(PTRACE_SEIZE, peer.pid, NULL, NULL);
	if (permitted && !ptrace(PTRACE_INTERRUPT, peer.pid, NULL, NULL) && !await_stop(peer.pid))
		ptrace(PTRACE_DETACH, peer.pid, NULL, NULL);
	return !peer_exit(&peer) && permitted;
}
