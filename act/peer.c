// SPDX-License-Identifier: GPL-2.0
/* A forked process that does one thing at a time when told to. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../observe/patience.h"
#include "peer.h"

/* No order takes seconds; a slow emulated machine under load may need some. */
#define PATIENCE_MS	20000
/* Nothing a peer does outlives this, whatever became of who leads it. */
#define LIFETIME_S	120

struct order {
	peer_fn fn;
	void *addr;
	size_t len;
	long arg;
};

/* The sockets to other peers: one that a child keeps would hide a death. */
static int lines[128];
static size_t nr_lines;
/* In a peer: the socket to who leads it. */
static int my_line = -1;

static void forget_line(int line)
{
	for (size_t i = 0; i < nr_lines; i++)
		if (lines[i] == line)
			lines[i--] = lines[--nr_lines];
	close(line);
}

static long recv_long(int line, long *value)
{
	struct pollfd ready = { .fd = line, .events = POLLIN };
	ssize_t got;
	int n;

	do {
		n = poll(&ready, 1, PATIENCE_MS);
	} while (n < 0 && errno == EINTR);
	if (n <= 0)
		return n ? -errno : -ETIMEDOUT;
	do {
		got = recv(line, value, sizeof(*value), 0);
	} while (got < 0 && errno == EINTR);
	if (got < 0)
		return -errno;
	return got == sizeof(*value) ? 0 : -EPIPE;
}

/* Orders carry the socket for a grandchild where there is one. */
static int send_order(int line, const struct order *order, int fd)
{
	struct iovec iov = { (void *)order, sizeof(*order) };
	union {
		struct cmsghdr head;
		char room[CMSG_SPACE(sizeof(int))];
	} control = { 0 };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };

	if (fd >= 0) {
		msg.msg_control = &control;
		msg.msg_controllen = sizeof(control);
		control.head.cmsg_level = SOL_SOCKET;
		control.head.cmsg_type = SCM_RIGHTS;
		control.head.cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(&control.head), &fd, sizeof(fd));
	}
	return sendmsg(line, &msg, MSG_NOSIGNAL) == sizeof(*order) ? 0 : -EPIPE;
}

static int recv_order(int line, struct order *order, int *fd)
{
	struct iovec iov = { order, sizeof(*order) };
	union {
		struct cmsghdr head;
		char room[CMSG_SPACE(sizeof(int))];
	} control = { 0 };
	struct msghdr msg = {
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = &control, .msg_controllen = sizeof(control),
	};
	ssize_t got;

	do {
		got = recvmsg(line, &msg, MSG_CMSG_CLOEXEC);
	} while (got < 0 && errno == EINTR);
	*fd = -1;
	if (got == sizeof(*order) && CMSG_FIRSTHDR(&msg))
		memcpy(fd, CMSG_DATA(&control.head), sizeof(*fd));
	return got == sizeof(*order) ? 0 : -EPIPE;
}

static _Noreturn void serve(int line);

/* The one order that is not a function call: fork, and serve on @fd. */
static long fork_onto(int line, int fd)
{
	pid_t pid = fork();

	if (!pid) {
		close(line);
		serve(fd);
	}
	close(fd);
	return pid < 0 ? -errno : pid;
}

static _Noreturn void serve(int line)
{
	struct order order;
	long ret;
	int fd;

	my_line = line;
	alarm(LIFETIME_S);
	while (!recv_order(line, &order, &fd)) {
		ret = fd >= 0 ? fork_onto(line, fd) : order.fn(order.addr, order.len, order.arg);
		if (send(line, &ret, sizeof(ret), MSG_NOSIGNAL) != sizeof(ret))
			break;
	}
	_exit(0);
}

static int new_line(int ends[2])
{
	if (nr_lines == sizeof(lines) / sizeof(*lines))
		return -EMFILE;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends))
		return -errno;
	return 0;
}

static void describe(struct peer *peer, pid_t pid, int line, struct peer *parent)
{
	*peer = (struct peer){ pid, line, parent };
	lines[nr_lines++] = line;
}

/**
 * peer_fork - fork a peer that waits for orders
 * @peer: where to describe it
 *
 * It ends with its parent, when the caller's end of its socket goes away, and
 * after two minutes in any case.
 *
 * Return: 0 or -errno.
 */
int peer_fork(struct peer *peer)
{
	pid_t parent = getpid();
	int ends[2];
	int ret = new_line(ends);

	if (ret)
		return ret;
	peer->pid = fork();
	if (!peer->pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() != parent)
			_exit(1);
		while (nr_lines)
			forget_line(lines[0]);
		close(ends[0]);
		serve(ends[1]);
	}
	ret = -errno;
	close(ends[1]);
	if (peer->pid < 0) {
		close(ends[0]);
		return ret;
	}
	describe(peer, peer->pid, ends[0], NULL);
	return 0;
}

/**
 * peer_fork_from - have a peer fork a peer of its own
 * @parent: who forks; must outlive @peer's description, not @peer itself
 * @peer: where to describe the new peer; it survives @parent
 *
 * Return: 0, or -errno; -ETIMEDOUT or -EPIPE where @parent does not answer.
 */
int peer_fork_from(struct peer *parent, struct peer *peer)
{
	const struct order order = { 0 };
	int ends[2];
	long pid;
	int ret = new_line(ends);

	if (ret)
		return ret;
	/* Adopt it when @parent exits, to be the one who reaps it. */
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	ret = send_order(parent->line, &order, ends[1]);
	close(ends[1]);
	ret = ret ?: (int)recv_long(parent->line, &pid);
	if (ret || pid < 0) {
		close(ends[0]);
		return ret ?: (int)pid;
	}
	describe(peer, (pid_t)pid, ends[0], parent);
	return 0;
}

/**
 * peer_start - give an order and do not wait
 * @peer: who is told
 * @fn: what to run, in the peer
 * @addr: its first argument
 * @len: its second
 * @arg: its third
 *
 * Return: 0, or -EPIPE where the peer is gone.
 */
int peer_start(struct peer *peer, peer_fn fn, const void *addr, size_t len, long arg)
{
	const struct order order = { fn, (void *)addr, len, arg };

	return send_order(peer->line, &order, -1);
}

/* What a child ends with that is about to; it stays to be reaped. */
static long do_await_death(void *addr, size_t len, long pid)
{
	long long deadline = patience_until(PATIENCE_MS);
	siginfo_t info = { 0 };

	(void)addr;
	(void)len;
	while (!info.si_pid && patience_left(deadline))
		if (waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT))
			return -errno;
	if (!info.si_pid)
		return -ETIMEDOUT;
	return info.si_code == CLD_EXITED ? info.si_status : FAULTED(info.si_status);
}

/* Who knows how a peer ends: the parent peer while it lives, else the subreaper. */
static struct peer *who_reaps(const struct peer *peer)
{
	return peer->parent && peer->parent->line >= 0 ? peer->parent : NULL;
}

/**
 * peer_finish - wait for the end of an order
 * @peer: who was told by peer_start()
 *
 * Return: what the function returned, FAULTED(signal) where the peer died of it,
 * -EPIPE where it is gone otherwise, or -ETIMEDOUT.
 */
long peer_finish(struct peer *peer)
{
	long value, death;
	long ret = recv_long(peer->line, &value);

	if (ret != -EPIPE && ret != -ECONNRESET)
		return ret ?: value;
	death = run_in(who_reaps(peer), do_await_death, NULL, 0, peer->pid);
	return death <= FAULTED(1) ? death : -EPIPE;
}

/**
 * run_in - have a function run by the caller or by a peer, and wait for its end
 * @who: the peer, NULL for the caller itself
 * @fn: what to run: a function of the program's, or one of in_*()
 * @addr: its first argument
 * @len: its second
 * @arg: its third
 *
 * Return: what the function returned, or as peer_finish().
 */
long run_in(struct peer *who, peer_fn fn, const void *addr, size_t len, long arg)
{
	if (!who)
		return fn((void *)addr, len, arg);
	/* Who is gone does not hear it, and yet may have died of a signal. */
	peer_start(who, fn, addr, len, arg);
	return peer_finish(who);
}

static long do_reap(void *addr, size_t len, long arg)
{
	int status;

	(void)addr;
	(void)len;
	if (waitpid((pid_t)arg, &status, 0) != (pid_t)arg)
		return -errno;
	return status;
}

static long reap(struct peer *peer)
{
	return run_in(who_reaps(peer), do_reap, NULL, 0, peer->pid);
}

/* Waits for the peer's socket to close, kills it where that takes too long. */
static int await_end(struct peer *peer)
{
	long status, rest;
	long ret = recv_long(peer->line, &rest);
	int answer;

	if (ret != -EPIPE && ret != -ECONNRESET)
		kill(peer->pid, SIGKILL);
	forget_line(peer->line);
	peer->line = -1;
	status = reap(peer);
	if (status < 0)
		return (int)status;
	answer = exit_answer((int)status);
	return answer > 0 ? -ECANCELED : answer;
}

/**
 * peer_exit - have a peer exit, and reap it
 * @peer: who is told; of no use afterwards
 *
 * Return: 0; FAULTED(signal) where a signal ended it instead; -ECANCELED for
 * another exit status; -errno where it could not be reaped.
 */
int peer_exit(struct peer *peer)
{
	if (shutdown(peer->line, SHUT_WR) && errno != ENOTCONN)
		return -errno;
	return await_end(peer);
}

/* How the program that peer_exec() starts knows its socket. */
#define EXECED_LINE	"ANONMEM_PEER_LINE"

static long do_exec(void *addr, size_t len, long arg)
{
	char line[sizeof(EXECED_LINE) + 16];
	char *argv[] = { (char *)"peer", NULL };
	char *envp[] = { line, NULL };

	(void)addr;
	(void)len;
	(void)arg;
	snprintf(line, sizeof(line), EXECED_LINE "=%d", my_line);
	if (fcntl(my_line, F_SETFD, 0))
		return -errno;
	execve("/proc/self/exe", argv, envp);
	return -errno;
}

/* In the new program: say that the old memory is gone, and wait for the end. */
__attribute__((constructor)) static void execed(void)
{
	const char *line = getenv(EXECED_LINE);
	struct order order;
	long ret = 0;
	int fd;

	if (!line)
		return;
	alarm(LIFETIME_S);
	if (send(atoi(line), &ret, sizeof(ret), MSG_NOSIGNAL) == sizeof(ret))
		recv_order(atoi(line), &order, &fd);
	_exit(0);
}

/**
 * peer_exec - have a peer execute a program that only waits
 * @peer: who is told; afterwards of use for peer_exit() only
 *
 * Return: 0 once the new program runs, or -errno.
 */
int peer_exec(struct peer *peer)
{
	return (int)peer_call(peer, do_exec, NULL, 0, 0);
}

#define DEFINE_IN(name, does)							\
	long in_##name(void *addr, size_t len, long arg)			\
	{									\
		(void)len;							\
		(void)arg;							\
		return does;							\
	}
DEFINE_IN(load, load(addr))
DEFINE_IN(store, store(addr, (uint8_t)arg))
DEFINE_IN(fill, (pattern_fill(addr, len, (unsigned int)arg), 0))
DEFINE_IN(diff, (long)pattern_diff(addr, len, (unsigned int)arg))
DEFINE_IN(all_zero, all_zero(addr, len))
DEFINE_IN(madvise, madvise(addr, len, (int)arg) ? -errno : 0)
DEFINE_IN(mprotect, mprotect(addr, len, (int)arg) ? -errno : 0)
DEFINE_IN(munmap, munmap(addr, len) ? -errno : 0)
