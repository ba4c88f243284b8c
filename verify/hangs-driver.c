// SPDX-License-Identifier: GPL-2.0
/*
 * A test program whose cases do not come to their end, each in a way of its own,
 * for swaparea.sh, which builds it among the tests.  Each has borrowed what there
 * is to borrow: a swap area, a file system, cgroups, and settings that it changed.
 * Where it hangs it says so: "HANGS", on a line of standard output.
 */
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <unistd.h>

#include "act/privilege.h"
#include "act/touch.h"
#include "borrow/cgroup.h"
#include "borrow/scratch.h"
#include "claim/case.h"
#include "claim/provide.h"
#include "observe/patience.h"

#define WAIT_MS	10000

/* Shared by all. */
static bool *hangs;

static void say_hangs(void)
{
	__atomic_store_n(hangs, true, __ATOMIC_SEQ_CST);
	if (write(1, "HANGS\n", 6) != 6)
		_exit(1);
}

static long do_spin(void *addr, size_t len, long arg)
{
	(void)addr;
	(void)len;
	(void)arg;
	say_hangs();
	while (1)
		;
	return 0;
}

static long do_spin_as_nobody(void *addr, size_t len, long arg)
{
	return privilege_drop() ?: do_spin(addr, len, arg);
}

/* In the kernel, on a pipe that nobody but the reader could write to. */
static long do_block(void *addr, size_t len, long arg)
{
	int ends[2];
	char byte;

	(void)addr;
	(void)len;
	(void)arg;
	if (pipe(ends))
		return -1;
	say_hangs();
	while (read(ends[0], &byte, 1) < 0)
		;
	return 0;
}

/* In the kernel, where no signal is heard but SIGKILL. */
static long do_block_for_good(void *addr, size_t len, long arg)
{
	if (!vfork())
		do_block(addr, len, arg);
	return -1;
}

static long do_stop(void *addr, size_t len, long arg)
{
	say_hangs();
	kill(getpid(), SIGSTOP);
	return do_spin(addr, len, arg);
}

/* The whole process group, as who uses a terminal that is not his to use. */
static long do_stop_all(void *addr, size_t len, long arg)
{
	say_hangs();
	kill(0, SIGSTOP);
	return do_spin(addr, len, arg);
}

static long do_exec(void *addr, size_t len, long arg)
{
	char *argv[] = { (char *)"sleep", (char *)"1000", NULL };

	(void)addr;
	(void)len;
	(void)arg;
	say_hangs();
	return execvp(*argv, argv);
}

/* The first process of a PID namespace, and one below it. */
static long do_namespace(void *addr, size_t len, long arg)
{
	if (unshare(CLONE_NEWUSER | CLONE_NEWPID))
		return -1;
	if (fork())
		return 0;
	fork();
	return do_spin(addr, len, arg);
}

static int spin_beside(void *unused)
{
	return (int)do_spin(unused, 0, 0);
}

static long do_share_memory(void *addr, size_t len, long arg)
{
	static char stack[64 << 10];

	/* In the middle, whichever way stacks grow. */
	if (clone(spin_beside, stack + sizeof(stack) / 2, CLONE_VM | SIGCHLD, NULL) < 0)
		return -1;
	return do_block(addr, len, arg);
}

static long do_trace(void *addr, size_t len, long arg)
{
	struct peer peer;

	if (peer_fork(&peer) || trace_attach(peer.pid) ||
	    ptrace(PTRACE_INTERRUPT, peer.pid, NULL, NULL))
		return -1;
	return do_block(addr, len, arg);
}

static int borrow(void)
{
	static struct cgroups groups;
	int fd = scratch_file(SCRATCH_EXT4, 8);

	need_take(NEED_KSM);
	need_take(NEED_THP);
	if (cgroup_possible() && cgroups_make(&groups))
		return -1;
	return fd >= 0 && write(fd, "x", 1) != 1 ? -1 : 0;
}

/* Who hangs: the case itself, a child of its child, or both; or it fails then. */
VARIANTS_ONLY(case_that) { peer_fn itself, grandchild; bool orphan; };
FIXTURE_VARIANT_ADD(case_that, spins)		{ .itself = do_spin };
FIXTURE_VARIANT_ADD(case_that, blocks)		{ .itself = do_block };
FIXTURE_VARIANT_ADD(case_that, blocks_for_good)	{ .itself = do_block_for_good };
FIXTURE_VARIANT_ADD(case_that, is_stopped)	{ .itself = do_stop };
FIXTURE_VARIANT_ADD(case_that, is_stopped_with_all) { .itself = do_stop_all };
FIXTURE_VARIANT_ADD(case_that, spins_as_nobody)	{ do_spin_as_nobody, do_block };
FIXTURE_VARIANT_ADD(case_that, shares_memory)	{ .itself = do_share_memory };
FIXTURE_VARIANT_ADD(case_that, traces)		{ .itself = do_trace };
FIXTURE_VARIANT_ADD(case_that, waits_for_spinning) { do_block, do_spin };
FIXTURE_VARIANT_ADD(case_that, waits_for_nobody) { do_block, do_spin_as_nobody };
FIXTURE_VARIANT_ADD(case_that, waits_for_stopped) { do_block, do_stop };
FIXTURE_VARIANT_ADD(case_that, waits_for_good)	{ do_block, do_block_for_good };
FIXTURE_VARIANT_ADD(case_that, waits_for_program) { do_block, do_exec };
FIXTURE_VARIANT_ADD(case_that, waits_for_namespace) { do_block, do_namespace };
FIXTURE_VARIANT_ADD(case_that, waits_for_orphan) { do_block, do_spin, .orphan = true };
FIXTURE_VARIANT_ADD(case_that, fails_before_spinning) { .grandchild = do_spin };
FIXTURE_VARIANT_ADD(case_that, fails_before_stopped) { .grandchild = do_stop };
FIXTURE_VARIANT_ADD(case_that, fails_before_namespace) { .grandchild = do_namespace };
FIXTURE_VARIANT_ADD(case_that, fails_before_orphan) { .grandchild = do_spin, .orphan = true };

QUIET_TEST_F(case_that, ends)
{
	long long deadline = patience_until(WAIT_MS);
	struct peer child, grandchild;

	ASSERT_EQ(0, borrow());
	ASSERT_EQ(0, peer_fork(&child));
	ASSERT_EQ(0, peer_fork_from(&child, &grandchild));
	if (variant->orphan)
		ASSERT_EQ(0, peer_exit(&child));
	if (variant->grandchild)
		ASSERT_EQ(0, peer_start(&grandchild, variant->grandchild, NULL, 0, 0));
	while (variant->grandchild && !__atomic_load_n(hangs, __ATOMIC_SEQ_CST))
		ASSERT_TRUE(patience_left(deadline));
	ASSERT_TRUE(variant->itself);
	ASSERT_EQ(0, variant->itself(NULL, 0, 0));
}

LOUD_TEST(case_that_is_loud)
{
	ASSERT_EQ(0, borrow());
	do_spin(NULL, 0, 0);
}

int main(int argc, char **argv)
{
	hangs = mmap(NULL, sizeof(*hangs), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
		     -1, 0);
	if (hangs == MAP_FAILED)
		return 1;
	program_begin(argc, argv);
	provide_swap_and_stay();
	provide_filesystems();
	return test_harness_run(argc, argv);
}
