// SPDX-License-Identifier: GPL-2.0
/* A task that does one thing to the caller's memory over and over, from another CPU. */
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../observe/patience.h"
#include "pageout.h"
#include "worker.h"

#define STACK_SIZE	(64 << 10)
/* Nothing a worker does outlives this, whatever became of who started it. */
#define LIFETIME_S	60
#define PATIENCE_MS	10000

/*
 * In shared memory, and the stack with it: a write to the caller's own would
 * fault after each fork, and with that fault the CPU could be told to forget
 * other pages too.
 */
struct worker_state {
	work_fn work;
	void *arg;
	bool stop, failed;
	unsigned long rounds;
	char stack[STACK_SIZE] __attribute__((aligned(64)));
};

static int keep_working(void *arg)
{
	struct worker_state *state = arg;
	bool failed;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	alarm(LIFETIME_S);
	failed = leave_cpu();
	while (!failed && !__atomic_load_n(&state->stop, __ATOMIC_ACQUIRE)) {
		failed = !state->work(state->arg, state->rounds + 1);
		if (!failed)
			__atomic_store_n(&state->rounds, state->rounds + 1, __ATOMIC_RELEASE);
	}
	__atomic_store_n(&state->failed, failed, __ATOMIC_RELEASE);
	_exit(failed);
}

/**
 * worker_start - start working, as a thread would
 * @worker: where to describe the task
 * @work: what it does over and over
 * @arg: for @work; stays where it is until worker_stop()
 *
 * The task shares the caller's memory and nothing else, ends with it, and runs
 * on any CPU but the caller's.
 *
 * Return: 0 once a round is over, or -errno; -ECANCELED where there is no other
 * CPU, see cpus_allowed().
 */
int worker_start(struct worker *worker, work_fn work, void *arg)
{
	int ret;

	worker->state = mmap(NULL, sizeof(*worker->state), PROT_READ | PROT_WRITE,
			     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (worker->state == MAP_FAILED)
		return -errno;
	worker->state->work = work;
	worker->state->arg = arg;
	/* In the middle, whichever way stacks grow. */
	worker->pid = clone(keep_working, worker->state->stack + STACK_SIZE / 2,
			    CLONE_VM | SIGCHLD, worker->state);
	if (worker->pid < 0)
		return -errno;
	ret = worker_await(worker, 1);
	if (ret)
		worker_stop(worker);
	return ret;
}

/**
 * worker_rounds - how many rounds of its work a worker has done
 * @worker: as worker_start() described it
 */
unsigned long worker_rounds(const struct worker *worker)
{
	return __atomic_load_n(&worker->state->rounds, __ATOMIC_ACQUIRE);
}

/**
 * worker_await - wait for the end of more rounds
 * @worker: as worker_start() described it
 * @rounds: how many; the second one begins after this call
 *
 * Return: 0, -ECANCELED where the work has failed, or -ETIMEDOUT.
 */
int worker_await(const struct worker *worker, unsigned long rounds)
{
	unsigned long end = worker_rounds(worker) + rounds;
	long long deadline = patience_until(PATIENCE_MS);

	while (worker_rounds(worker) < end) {
		if (__atomic_load_n(&worker->state->failed, __ATOMIC_ACQUIRE))
			return -ECANCELED;
		if (!patience_left(deadline))
			return -ETIMEDOUT;
	}
	return 0;
}

/**
 * worker_stop - end a worker, and reap it
 * @worker: as worker_start() described it; worker_rounds() goes on being known
 *
 * Return: 0, -ECANCELED where its work had failed, or -errno.
 */
int worker_stop(struct worker *worker)
{
	int status;

	__atomic_store_n(&worker->state->stop, true, __ATOMIC_RELEASE);
	if (waitpid(worker->pid, &status, 0) != worker->pid)
		return -errno;
	return status ? -ECANCELED : 0;
}

/**
 * write_words - have a worker write to memory, from its end to its start
 * @words: where, a struct words
 * @round: what
 *
 * Return: true.
 */
bool write_words(void *words, unsigned long round)
{
	const struct words where = *(struct words *)words;

	for (size_t i = where.count; i--;)
		__atomic_store_n((unsigned long *)(where.addr + i * where.step), round,
				 __ATOMIC_RELAXED);
	return true;
}
