// SPDX-License-Identifier: GPL-2.0
/*
 * A test program reduced to what it brings along, a swap area or file systems,
 * for swaparea.sh, and a tracer that kills it at a chosen system call.
 *
 *   swaparea-driver work MS	takes the area, says "ours|machine GUARDIAN PATH",
 *				pages out in itself and in a forked child for MS
 *				milliseconds, checks the data, lets go
 *   swaparea-driver brief	takes the area, says so, lets go
 *   swaparea-driver die	takes the area, says so, kills itself with SIGKILL
 *   swaparea-driver files MS	makes file systems, says how many and where, uses
 *				files there in a forked child for MS milliseconds,
 *				removes them
 *   swaparea-driver kill program|guardian|both|files|keepers N
 *				runs "brief" ("die" for guardian, "files" for files
 *				and keepers) and kills who is named, for files the
 *				program, for keepers any of them or what they run,
 *				at the Nth time it enters or leaves the kernel
 *
 * Exits 0, or 1 after saying what failed on standard error; "kill" exits 3 when
 * there was no Nth time.
 */
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../act/filedata.h"
#include "../borrow/ownfs.h"
#include "../borrow/scratch.h"
#include "../borrow/swaparea.h"
#include "../observe/patience.h"

#ifndef MADV_PAGEOUT
#define MADV_PAGEOUT 21
#endif

#define BYTES	(256 << 10)

static struct swaparea area;

static int fail(const char *what, int err)
{
	fprintf(stderr, "swaparea-driver: %s: %s\n", what, strerror(-err));
	return 1;
}

static void release(void)
{
	int err = swaparea_release(&area);

	if (err) {
		fail("release", err);
		_exit(1);
	}
}

static unsigned char byte_of(size_t i, unsigned int seed)
{
	return (unsigned char)(i * 31 + (i >> 8) + seed);
}

static int page_out(unsigned char *data, unsigned int seed)
{
	for (size_t i = 0; i < BYTES; i++)
		data[i] = byte_of(i, seed);
	if (madvise(data, BYTES, MADV_PAGEOUT))
		return fail("madvise", -errno);
	for (size_t i = 0; i < BYTES; i++)
		if (data[i] != byte_of(i, seed))
			return fail("the data came back changed", -EIO);
	return 0;
}

static int work(int ms)
{
	long long end = patience_until(ms);
	unsigned char *data = mmap(NULL, BYTES, PROT_READ | PROT_WRITE,
				   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	unsigned int seed = 1;

	if (data == MAP_FAILED)
		return fail("mmap", -errno);
	do {
		if (page_out(data, seed++))
			return 1;
	} while (patience_left(end));
	return 0;
}

static int test_program(const char *mode, int ms)
{
	int err = swaparea_acquire(&area);
	int status, ret;
	pid_t child;

	if (err)
		return fail("acquire", err);
	atexit(release);
	printf("%s %d %s\n", area.ours ? "ours" : "machine", (int)area.guardian.pid, area.path);
	fflush(stdout);
	if (!strcmp(mode, "die"))
		raise(SIGKILL);
	if (!strcmp(mode, "brief"))
		return 0;
	child = fork();
	if (child < 0)
		return fail("fork", -errno);
	if (!child)
		exit(work(ms));	/* runs the inherited atexit handler */
	ret = work(ms);
	if (waitpid(child, &status, 0) != child || status)
		return fail("the child did not end well", -ECHILD);
	return ret;
}

static int use_files(int ms)
{
	long long end = patience_until(ms);
	int fds[NR_OWNFS_KINDS], err;

	for (enum ownfs_kind kind = 0; kind < NR_OWNFS_KINDS; kind++)
		fds[kind] = scratch_file(SCRATCH_EXT4 + kind, 8);
	do {
		for (enum ownfs_kind kind = 0; kind < NR_OWNFS_KINDS; kind++) {
			err = fds[kind] < 0 ? 0 : file_fill(fds[kind], 0, BYTES, 1);
			if (err)
				return fail("write", err);
			if (fds[kind] >= 0 && fdatasync(fds[kind]))
				return fail("fdatasync", -errno);
		}
	} while (patience_left(end));
	return 0;
}

/* As a test does it: a case in a process of its own asks, and uses files. */
static int files(int ms)
{
	int err = ownfs_begin(), count = 0, status;
	char paths[NR_OWNFS_KINDS][64] = { "" };
	pid_t child;

	if (err)
		return fail("begin", err);
	atexit(ownfs_end);
	for (enum ownfs_kind kind = 0; kind < NR_OWNFS_KINDS; kind++)
		count += !ownfs_path(kind, paths[kind], sizeof(paths[kind]));
	printf("%d %s %s %s %s\n", count, paths[0], paths[1], paths[2], paths[3]);
	fflush(stdout);
	child = fork();
	if (child < 0)
		return fail("fork", -errno);
	if (!child) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		_exit(use_files(ms));
	}
	if (waitpid(child, &status, 0) != child || status)
		return fail("the child did not end well", -ECHILD);
	return 0;
}

/* The thousand equal writes that fill a swap file are one place to die in. */
static bool is_fill(pid_t pid)
{
	static bool inside;
	struct __ptrace_syscall_info info;

	if (ptrace(PTRACE_GET_SYSCALL_INFO, pid, sizeof(info), &info) <= 0)
		return false;
	if (info.op == PTRACE_SYSCALL_INFO_ENTRY)
		inside = info.entry.nr == SYS_write && info.entry.args[2] == 65536;
	return inside;
}

static pid_t start_traced(const char *mode)
{
	pid_t pid = fork();
	int status;

	if (!pid) {
		ptrace(PTRACE_TRACEME, 0, NULL, NULL);
		raise(SIGSTOP);
		exit(!strcmp(mode, "files") ? files(0) : test_program(mode, 0));
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFSTOPPED(status))
		return -1;
	if (ptrace(PTRACE_SETOPTIONS, pid, NULL, PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEFORK))
		return -1;
	return pid;
}

/* Is @pid one of those to be killed? */
static bool is_target(const char *who, pid_t pid, pid_t program, pid_t guardian)
{
	if (!strcmp(who, "guardian"))
		return pid == guardian;
	if (!strcmp(who, "keepers"))
		return pid != program;
	return pid == program && !is_fill(pid);
}

static const char *mode_for(const char *who)
{
	if (!strcmp(who, "guardian"))
		return "die";
	return !strcmp(who, "files") || !strcmp(who, "keepers") ? "files" : "brief";
}

/* Traces the program and its children, a guardian or keepers, until all are gone. */
static int kill_at(const char *who, long when)
{
	pid_t program = start_traced(mode_for(who));
	pid_t guardian = 0, pid;
	int status, ret = 3;

	if (program < 0 || ptrace(PTRACE_SYSCALL, program, NULL, NULL))
		return fail("trace", -errno);
	while ((pid = waitpid(-1, &status, __WALL)) > 0) {
		if (!WIFSTOPPED(status))
			continue;
		if (pid != program)
			guardian = pid;
		if (WSTOPSIG(status) == (SIGTRAP | 0x80) &&
		    is_target(who, pid, program, guardian) && !--when) {
			ret = 0;
			if (guardian && !strcmp(who, "both"))
				kill(guardian, SIGKILL);
			kill(pid, SIGKILL);
		}
		ptrace(PTRACE_SYSCALL, pid, NULL, NULL);
	}
	return ret;
}

int main(int argc, char **argv)
{
	if (argc == 4 && !strcmp(argv[1], "kill"))
		return kill_at(argv[2], atol(argv[3]));
	if (argc == 3 && !strcmp(argv[1], "files"))
		return files(atoi(argv[2]));
	return test_program(argc > 1 ? argv[1] : "brief", argc > 2 ? atoi(argv[2]) : 0);
}
