// SPDX-License-Identifier: GPL-2.0
/*
 * A test program reduced to the settings it changes, for settings.sh, and a
 * tracer that kills it at a chosen system call.
 *
 *   settings-driver work MS	again and again for MS milliseconds: holds the
 *				settings, lets everything have its way, says
 *				"GUARDIAN" in the first round, puts it all back
 *   settings-driver brief	does so once
 *   settings-driver stay	does so, but waits to be killed before the end
 *   settings-driver die	does so, but kills itself with SIGKILL before the end
 *   settings-driver kill program|guardian N
 *				runs "brief" ("die" for guardian) and kills the program
 *				at the Nth time that program or guardian, whichever is
 *				named, enters or leaves the kernel
 *
 * Exits 0, or 1 after saying what failed on standard error; "kill" exits 3 when
 * there was no Nth time.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../act/sharing.h"
#include "../borrow/ksmd.h"
#include "../borrow/settings.h"
#include "../borrow/thp.h"
#include "../observe/patience.h"

#define HOLD_MS	30000

static int fail(const char *what, int err)
{
	fprintf(stderr, "settings-driver: %s: %s\n", what, strerror(-err));
	return 1;
}

static int change_all(struct settings *settings)
{
	int err = settings_hold(settings, HOLD_MS);

	if (err)
		return fail("hold", err);
	thp_enable(settings);
	thp_enable_all_sizes(settings);
	thp_zero_enable(settings);
	thp_shmem_enable(settings);
	ksmd_run(settings);
	return 0;
}

static int test_program(const char *mode, int ms)
{
	long long deadline = patience_until(ms);
	struct settings settings = { 0 };
	bool said = false;

	do {
		if (change_all(&settings))
			return 1;
		if (!said)
			printf("%d\n", (int)settings.guardian.pid);
		fflush(stdout);
		said = true;
		if (!strcmp(mode, "die"))
			raise(SIGKILL);
		if (!strcmp(mode, "stay"))
			pause();
		settings_release(&settings);
	} while (patience_left(deadline));
	return 0;
}

static pid_t start_traced(const char *mode)
{
	pid_t pid = fork();
	int status;

	if (!pid) {
		ptrace(PTRACE_TRACEME, 0, NULL, NULL);
		raise(SIGSTOP);
		exit(test_program(mode, 0));
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFSTOPPED(status))
		return -1;
	if (ptrace(PTRACE_SETOPTIONS, pid, NULL, PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEFORK))
		return -1;
	return pid;
}

/* Traces the program and its guardian until both are gone. */
static int kill_at(const char *who, long when)
{
	pid_t program = start_traced("brief"), pid;
	int status, ret = 3;

	if (program < 0 || ptrace(PTRACE_SYSCALL, program, NULL, NULL))
		return fail("trace", -1);
	while ((pid = waitpid(-1, &status, __WALL)) > 0) {
		if (!WIFSTOPPED(status))
			continue;
		if (WSTOPSIG(status) == (SIGTRAP | 0x80) &&
		    (pid == program) == !strcmp(who, "program") && !--when) {
			ret = 0;
			kill(program, SIGKILL);
		}
		ptrace(PTRACE_SYSCALL, pid, NULL, NULL);
	}
	return ret;
}

int main(int argc, char **argv)
{
	if (argc == 4 && !strcmp(argv[1], "kill"))
		return kill_at(argv[2], atol(argv[3]));
	return test_program(argc > 1 ? argv[1] : "brief", argc > 2 ? atoi(argv[2]) : 0);
}
