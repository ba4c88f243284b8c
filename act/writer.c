// SPDX-License-Identifier: GPL-2.0
/* A task that keeps writing to the memory of the caller, from another CPU. */
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pageout.h"
#include "patience.h"
#include "writer.h"

#define STACK_SIZE	(64 << 10)
/* Nothing a writer does outlives this, whatever became of who started it. */
#define LIFETIME_S	60
#define PATIENCE_MS	10000

/* Nothing here may use what is the caller's alone, such as errno. */
static int keep_writing(void *arg)
{
	struct writer *writer = arg;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	alarm(LIFETIME_S);
	leave_cpu();
	while (!__atomic_load_n(&writer->stop, __ATOMIC_ACQUIRE)) {
		unsigned long round = writer->rounds + 1;

		for (size_t i = 0; i < writer->words; i++)
			__atomic_store_n((unsigned long *)(writer->addr + i * writer->step), round,
					 __ATOMIC_RELAXED);
		__atomic_store_n(&writer->rounds, round, __ATOMIC_RELEASE);
	}
	_exit(0);
}

/* Until it has written everything once, and so has all of it in its TLB. */
static int await_first_round(struct writer *writer)
{
	long long deadline = patience_until(PATIENCE_MS);

	while (!__atomic_load_n(&writer->rounds, __ATOMIC_ACQUIRE))
		if (!patience_left(deadline))
			return -ETIMEDOUT;
	return 0;
}

/**
 * writer_start - start writing, as a thread would
 * @writer: where to describe the task; must stay where it is
 * @addr: where to write, aligned to a word
 * @len: how far, in bytes
 * @words: how many words, spread evenly, to write over and over
 *
 * The task shares the caller's memory and nothing else, ends with it, and runs
 * on any CPU but the caller's, if there is another.
 *
 * Return: 0 once it is writing, or -errno.
 */
int writer_start(struct writer *writer, void *addr, size_t len, size_t words)
{
	int ret;

	*writer = (struct writer){ .addr = addr, .words = words };
	writer->step = len / words / sizeof(long) * sizeof(long);
	writer->stack = mmap(NULL, STACK_SIZE, PROT_READ | PROT_WRITE,
			     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (writer->stack == MAP_FAILED)
		return -errno;
	/* In the middle, whichever way stacks grow. */
	writer->pid = clone(keep_writing, writer->stack + STACK_SIZE / 2, CLONE_VM | SIGCHLD,
			    writer);
	ret = writer->pid < 0 ? -errno : await_first_round(writer);
	if (ret && writer->pid > 0)
		writer_stop(writer);
	return ret;
}

/**
 * writer_stop - end a writer, and reap it
 * @writer: as writer_start() described it
 *
 * Return: 0, -ECANCELED where it had ended otherwise, or -errno.
 */
int writer_stop(struct writer *writer)
{
	int status;

	__atomic_store_n(&writer->stop, true, __ATOMIC_RELEASE);
	if (waitpid(writer->pid, &status, 0) != writer->pid)
		return -errno;
	munmap(writer->stack, STACK_SIZE);
	return status ? -ECANCELED : 0;
}
