// SPDX-License-Identifier: GPL-2.0
/* Running claims in a process of their own, again where they were disturbed. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../act/limits.h"
#include "../observe/cgroup.h"
#include "../observe/patience.h"
#include "../observe/sysmem.h"
#include "attempt.h"
#include "need.h"

/* kselftest.h keeps state in every file that includes it; two of its codes. */
#define FAIL	1
#define SKIP	4

/* An attempt says by its exit status that it came to its end: see attempt_end(). */
#define ENDED	0x40

/* So many tries, and as many more as there is time for. */
#define ENOUGH_TRIES	5
#define TRYING_MS	1000

/* What strikes one attempt in many does not strike so many in a row. */
#define TRIES_IN_A_ROW	10

static bool has_ended(int status)
{
	return WIFEXITED(status) && WEXITSTATUS(status) >= ENDED;
}

/*
 * Shared with attempts: what they have to say besides their verdict.  And with
 * who ends what is left of them: process groups, 0 where there is none.
 */
static struct {
	bool struck_by[NR_DISTURBANCES];
	bool firm;		/* what failed has no excuse */
	pid_t program;
	pid_t waiters;		/* whoever waits for the attempt, the harness's among them */
	pid_t group;		/* the attempt, and all that it forks but guardians */
} unshared, *told = &unshared;

/* What NUMA balancing leaves alone, once attempt_begin() has seen to it. */
static bool unhinted;

/* Reclaim of some cgroup is reclaim of another one, or of all memory. */
static bool uncharged;

/*
 * Of what happened on the machine, what can strike the pages that the case looks
 * at, and excuses what failed if anything does.
 */
static bool strikes(enum disturbance what, const struct noise *noise)
{
	return noise->count[what] && !told->firm &&
	       (told->struck_by[what] || what == MIGRATED ||
		(what == RECLAIMED && noise->swap));
}

/*
 * Migration keeps a page from its owner for microseconds, and nobody takes a huge
 * page apart that is in use.  Where that goes on all the time an attempt fails by it
 * now and then, unless the case says that it looks at so much that most do.  Reclaim,
 * of the cgroup that we are in, say, may take pages each time; that of another one
 * can take none but of files that are the other's.
 */
static bool strikes_often(enum disturbance what, const struct noise *noise)
{
	return strikes(what, noise) && what != HUGE &&
	       (what != MIGRATED || told->struck_by[what]) &&
	       (what != RECLAIMED || noise->global || !uncharged);
}

static bool is_disturbed(bool (*by)(enum disturbance what, const struct noise *noise),
			 const struct noise *noise)
{
	for (int i = 0; i < NR_DISTURBANCES; i++)
		if (by(i, noise))
			return true;
	return false;
}

static void say_noise(char *how, size_t size, const struct noise *noise)
{
	static const char *const names[] = {
#define DISTURBANCE_NAME(id, name)						\
		[id] = name,
		DISTURBANCES(DISTURBANCE_NAME)
	};
	size_t used = strlen(how);

#define SAY(...)	(used += (size_t)snprintf(how + used, size - used, __VA_ARGS__))
	SAY("; meanwhile elsewhere:");
	for (int i = 0; i < NR_DISTURBANCES; i++)
		SAY(" %s %lld", names[i], noise->count[i]);
	if (is_disturbed(strikes, noise))
		SAY("; excused by:");
	for (int i = 0; i < NR_DISTURBANCES; i++)
		if (strikes(i, noise))
			SAY(" %s %lld", names[i], noise->count[i]);
#undef SAY
}

static void end_group(pid_t *group)
{
	pid_t left = __atomic_exchange_n(group, 0, __ATOMIC_SEQ_CST);

	if (left)
		kill(-left, SIGKILL);
}

/*
 * In a process that is none of the case's: those may be stopped, wait where they
 * hear nothing but SIGKILL, or have changed the credentials that a death signal
 * of their own depends on.
 */
static _Noreturn void watch(void)
{
	sigset_t death;
	int sig;

	setsid();
	prctl(PR_SET_NAME, "anonmem-watch");
	/* What the program was given is not kept busy, should it end. */
	for (int fd = 0; fd < 3; fd++)
		close(fd);
	if (chdir("/"))
		_exit(1);
	sigemptyset(&death);
	sigaddset(&death, SIGUSR1);
	prctl(PR_SET_PDEATHSIG, SIGUSR1);
	while (getppid() == told->program)
		sigwait(&death, &sig);
	/* Who waits first: an attempt says which group it is before it leaves theirs. */
	end_group(&told->waiters);
	end_group(&told->group);
	_exit(0);
}

static pid_t watcher;

static void end_watch(void)
{
	if (getpid() != told->program)
		return;
	/* Of a case that the harness ended for the time it took. */
	end_group(&told->group);
	kill(watcher, SIGKILL);
	waitpid(watcher, NULL, 0);
}

/**
 * attempt_begin - see that whatever a case forks ends with the program
 *
 * However that ends, and in whatever state the case is.  And that what need not
 * disturb it does not.  To be called once, from main().
 */
void attempt_begin(void)
{
	sigset_t all, before;
	void *shared = mmap(NULL, sizeof(*told), PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (shared == MAP_FAILED)
		return;
	told = shared;
	told->program = getpid();
	unhinted = limits_leave_alone();
	uncharged = cgroup_is_uppermost();
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &before);
	watcher = fork();
	if (!watcher)
		watch();
	sigprocmask(SIG_SETMASK, &before, NULL);
	if (watcher > 0)
		atexit(end_watch);
}

/**
 * attempt_struck_by - say that the case looks at what a disturbance can strike
 * @what: the disturbance
 *
 * Else pages are taken for base pages of anonymous or shared memory: they can be
 * migrated, and where there is swap reclaimed, but neither split nor dropped.  Of
 * MIGRATED it says that most attempts are struck, where pages are migrated all the
 * time, as the case looks at so many frames.
 */
void attempt_struck_by(enum disturbance what)
{
	told->struck_by[what] = true;
}

/**
 * attempt_is_firm - say that a claim failed that no disturbance excuses
 *
 * The case fails at once, whatever went on meanwhile.
 */
void attempt_is_firm(void)
{
	told->firm = true;
}

static int verdict_of(int status, char *how, size_t size)
{
	if (has_ended(status)) {
		snprintf(how, size, "a claim failed");
		return WEXITSTATUS(status) - ENDED;
	}
	if (WIFSIGNALED(status) && WTERMSIG(status) != SIGABRT) {
		snprintf(how, size, "the case died of signal %d", WTERMSIG(status));
		/* Of a page that it should have had; only SIGKILL is for want of memory. */
		if (WTERMSIG(status) != SIGKILL)
			attempt_is_firm();
	} else {
		snprintf(how, size, "a claim failed that the rest depends on");
	}
	return FAIL;
}

/* A moment at which nothing moves is a good one to begin at. */
static void await_stillness(long long deadline)
{
	struct noise before, noise;

	do {
		noise_read(&before);
		if (!patience_left(deadline))
			return;
		noise_since(&before, &noise);
	} while (is_disturbed(strikes, &noise));
}

static bool start_over(struct attempt *attempt, const struct noise *before)
{
	struct noise noise;
	size_t used;
	bool again;

	noise_since(before, &noise);
	say_noise(attempt->how, sizeof(attempt->how), &noise);
	if (!is_disturbed(strikes, &noise))
		return false;
	attempt->seldom = is_disturbed(strikes_often, &noise) ? 0 : attempt->seldom + 1;
	if (attempt->seldom >= TRIES_IN_A_ROW) {
		used = strlen(attempt->how);
		snprintf(attempt->how + used, sizeof(attempt->how) - used,
			 ", but %d times in a row", attempt->seldom);
		return false;
	}
	again = attempt->seldom || attempt->tries < ENOUGH_TRIES ||
		patience_now() < attempt->deadline;
	fprintf(stderr, "# %s: %s\n", attempt->how, again ? "starting over" : "giving up");
	if (again) {
		await_stillness(attempt->deadline);
		return true;
	}
	attempt->verdict = SKIP;
	attempt->inconclusive = "inconclusive: reclaim or migration kept interfering";
	return false;
}

/**
 * attempt_next - fork the next attempt at a case's claims
 * @attempt: zeroed before the first call
 *
 * Return: true in the attempt's process, which makes the claims and calls
 * attempt_end(); false in the caller, once there is a verdict.
 */
bool attempt_next(struct attempt *attempt)
{
	pid_t parent = getpid();
	struct noise before;
	int status;
	pid_t pid;

	if (!attempt->tries) {
		end_group(&told->group);	/* the harness's time-out spares it */
		memset(told->struck_by, 0, sizeof(told->struck_by));
		told->struck_by[HINTED] = !unhinted;
		told->firm = false;
		told->waiters = getpgrp();
		attempt->deadline = patience_until(TRYING_MS);
	}
	do {
		attempt->tries++;
		noise_read(&before);
		pid = fork();
		if (!pid) {
			told->group = getpid();
			setpgid(0, 0);
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			if (getppid() != parent)
				_exit(FAIL);
			return true;
		}
		if (pid < 0 || waitpid(pid, &status, 0) != pid) {
			snprintf(attempt->how, sizeof(attempt->how), "no process: %s",
				 strerror(errno));
			attempt->verdict = FAIL;
			return false;
		}
		end_group(&told->group);
		attempt->verdict = verdict_of(status, attempt->how, sizeof(attempt->how));
		if (!has_ended(status))
			need_await_end();
	} while (attempt->verdict == FAIL && start_over(attempt, &before));
	told->waiters = 0;
	return false;
}

/**
 * attempt_end - leave an attempt's process
 * @verdict: KSFT_PASS, KSFT_FAIL or KSFT_SKIP
 */
void attempt_end(int verdict)
{
	need_end();
	_exit(ENDED + verdict);
}

/**
 * attempt_break_off - leave an attempt's process where a claim failed that the
 * rest depends on
 */
void attempt_break_off(void)
{
	_exit(FAIL);
}
