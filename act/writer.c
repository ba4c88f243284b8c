// SPDX-License-Identifier: GPL-2.0
/* A task that keeps writing to the memory of the caller, from another CPU. */
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../observe/patience.h"
#include "pageout.h"
#include "writer.h"

#define STACK_SIZE	(64 << 10)
/* Nothing a writer does outlives this, whatever became of who started it. */
#define LIFETIME_S	60
#define PATIENCE_MS	10000

/*
 * In shared memory: a write to the caller's own would fault after each fork,
 * and with that fault the CPU could be told to forget other pages too.
 */
struct writer_state {
	char *addr;
	size_t step;
	size_t words;
	bool stop;
	unsigned long rounds;	/* how often each word was written */
};

/* Nothing here may use what is the caller's alone, such as errno. */
static int keep_writing(void *arg)
{
	struct writer_state *state = arg;
	char *end = state->addr + state->words * state->step;
	size_t step = state->step;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	alarm(LIFETIME_S);
	leave_cpu();
	while (!__atomic_load_n(&state->stop, __ATOMIC_ACQUIRE)) {
		unsigned long round = state->rounds + 1;

		for (char *word = end - step; word >= state->addr; word -= step)
			__atomic_store_n((unsigned long *)word, round, __ATOMIC_RELAXED);
		__atomic_store_n(&state->rounds, round, __ATOMIC_RELEASE);
	}
	_exit(0);
}

/* Until it has written everything once, and so has all of it in its TLB. */
static int await_first_round(struct writer *writer)
{
	long long deadline = patience_until(PATIENCE_MS);

	while (!writer_rounds(writer))
		if (!patience_left(deadline))
			return -ETIMEDOUT;
	return 0;
}

static int map_writer(struct writer *writer)
{
	void *state = mmap(NULL, sizeof(*writer->state), PROT_READ | PROT_WRITE,
			   MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (state == MAP_FAILED)
		return -errno;
	writer->state = state;
	writer->stack = mmap(NULL, STACK_SIZE, PROT_READ | PROT_WRITE,
			     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	return writer->stack == MAP_FAILED ? -errno : 0;
}

/**
 * writer_start - start writing, as a thread would
 * @writer: where to describe the task
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
	int ret = map_writer(writer);

	if (ret)
		return ret;
	writer->state->addr = addr;
	writer->state->words = words;
	writer->state->step = len / words / sizeof(long) * sizeof(long);
	/* In the middle, whichever way stacks grow. */
	writer->pid = clone(keep_writing, writer->stack + STACK_SIZE / 2, CLONE_VM | SIGCHLD,
			    writer->state);
	if (writer->pid < 0)
		return -errno;
	ret = await_first_round(writer);
	if (ret)
		writer_stop(writer);
	return ret;
}

/**
 * writer_rounds - how often a writer has written all its words
 * @writer: as writer_start() described it
 *
 * Each word holds the number of the round in which it was written last.
 */
unsigned long writer_rounds(const struct writer *writer)
{
	return __atomic_load_n(&writer->state->rounds, __ATOMIC_ACQUIRE);
}

/**
 * writer_stop - end a writer, and reap it
 * @writer: as writer_start() described it; writer_rounds() goes on being known
 *
 * Return: 0, -ECANCELED where it had ended otherwise, or -errno.
 */
int writer_stop(struct writer *writer)
{
	int status;

	__atomic_store_n(&writer->state->stop, true, __ATOMIC_RELEASE);
	if (waitpid(writer->pid, &status, 0) != writer->pid)
		return -errno;
	munmap(writer->stack, STACK_SIZE);
	return status ? -ECANCELED : 0;
}
