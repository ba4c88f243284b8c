// SPDX-License-Identifier: GPL-2.0
/*
 * File systems of a program's own, each on a storage of its own.
 *
 * A process, the keeper, makes each of them when it is first asked for, by
 * whichever process of the program, and holds it until the program ends.  What
 * it makes hangs on the keeper alone: the mounts are in its own mount
 * namespace, a loop device clears itself when nobody has it mounted, and the
 * images are memory without a name.  A keeper that is killed takes all with it,
 * and it is killed when the program is.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/futex.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../observe/patience.h"
#include "../observe/privilege.h"
#include "blockdev.h"
#include "ownfs.h"

/* Holes but for a few MiB; the least that mkfs.xfs takes is 300. */
#define IMAGE_BYTES	(320LL << 20)
/* Making one takes a tenth of a second, and so much longer under emulation. */
#define MAKE_MS		30000
#define END_MS		10000

enum wish { NOTHING_YET, ALL, END };

/* What all processes of the program see. */
struct board {
	uint32_t wanted;		/* an enum wish */
	bool made[NR_OWNFS_KINDS];	/* or found out that it cannot be */
	int result[NR_OWNFS_KINDS];	/* a descriptor of the keeper's, or -errno */
};

static struct board *board;
static pid_t keeper;

/*
 * For each kind a pipe that the keeper alone holds the other end of, and lets
 * go of when it has settled it; or it has died.
 */
static int settled[NR_OWNFS_KINDS][2];

static void want(enum wish wish)
{
	uint32_t nothing = NOTHING_YET;

	if (wish == END)
		__atomic_store_n(&board->wanted, wish, __ATOMIC_SEQ_CST);
	else
		__atomic_compare_exchange_n(&board->wanted, &nothing, wish, false,
					    __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
	syscall(SYS_futex, &board->wanted, FUTEX_WAKE, INT_MAX, NULL, NULL, 0);
}

/* ---- in the keeper ---- */

#define MOST_ARGS	12

static const struct {
	const char *name;
	const char *mkfs[2][MOST_ARGS];	/* if that was wrong, its other arguments */
} types[NR_OWNFS_KINDS] = {
	[OWNFS_EXT4] = { "ext4", { {
		"mkfs.ext4", "-q", "-F", "-b", "4096", "-N", "1024",
		"-E", "nodiscard,lazy_itable_init=0,lazy_journal_init=1" } } },
	/* Zeros for a log of ordinary size take 64 MiB; old ones take no such order. */
	[OWNFS_XFS] = { "xfs", { {
		"mkfs.xfs", "-q", "-f", "-K", "-d", "agcount=1", "-l", "size=8m",
		"--unsupported" }, {
		"mkfs.xfs", "-q", "-f", "-K" } } },
	[OWNFS_BTRFS] = { "btrfs", { { "mkfs.btrfs", "-q", "-f", "-K", "-m", "single" } } },
	[OWNFS_OVERLAY] = { .name = "overlay" },
};

/*
 * To a directory that is empty and nobody else's, on one that is there anyway.
 * Mounts of the machine that go meanwhile go here, too, and are not kept busy;
 * nothing gets from here to the machine.
 */
static int leave_namespace(void)
{
	static const char * const dirs[] = { "/tmp", "/run", "/mnt", "/dev" };
	int err = -ENOENT;

	if (unshare(CLONE_NEWNS) || mount(NULL, "/", NULL, MS_REC | MS_SLAVE, NULL))
		return -errno;
	for (size_t i = 0; err && i < sizeof(dirs) / sizeof(*dirs); i++) {
		err = mount("anonmem", dirs[i], "tmpfs", 0, "mode=700") ? -errno : 0;
		if (!err && chdir(dirs[i]))
			err = -errno;
	}
	return err;
}

static int make_image(void)
{
	int fd = memfd_create("anonmem-image", MFD_CLOEXEC);
	int err;

	if (fd >= 0 && !ftruncate(fd, IMAGE_BYTES))
		return fd;
	err = -errno;
	if (fd >= 0)
		close(fd);
	return err;
}

/* Tools for administrators are not in everybody's PATH. */
static void exec_tool(char *const *argv)
{
	static const char * const dirs[] = { "/usr/sbin", "/sbin", "/usr/local/sbin" };
	int null = open("/dev/null", O_RDWR);
	char path[64];

	for (int fd = 0; fd < 3; fd++)
		if (null >= 0)
			dup2(null, fd);
	execvp(argv[0], argv);
	for (size_t i = 0; i < sizeof(dirs) / sizeof(*dirs); i++) {
		snprintf(path, sizeof(path), "%s/%s", dirs[i], argv[0]);
		execv(path, argv);
	}
}

static pid_t start_mkfs(const char * const *options, int image)
{
	pid_t parent = getpid(), pid = fork();
	char *argv[MOST_ARGS + 2] = { NULL };
	char path[64];
	size_t n;

	if (pid)
		return pid < 0 ? -errno : pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	snprintf(path, sizeof(path), "/proc/%d/fd/%d", (int)parent, image);
	for (n = 0; options[n]; n++)
		argv[n] = (char *)options[n];
	argv[n] = path;
	if (getppid() == parent)
		exec_tool(argv);
	_exit(127);
}

static int finish_mkfs(pid_t pid)
{
	int status;

	if (pid < 0)
		return pid;
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	if (WIFEXITED(status) && WEXITSTATUS(status) == 127)
		return -ENOENT;
	return status ? -EINVAL : 0;
}

/* An open loop device over the image, "disk" being its node, or -errno. */
static int attach_one(int number, int image)
{
	char disk[32], *used;
	int loop, err;
	dev_t dev;

	err = loop_backing(number, &used);
	if (err == 1) {
		free(used);
		return -EBUSY;
	}
	snprintf(disk, sizeof(disk), "loop%d", number);
	err = err ?: disk_number(disk, &dev);
	if (!err && mknod("disk", S_IFBLK | 0600, dev))
		err = -errno;
	if (err)
		return err;
	loop = open("disk", O_RDWR | O_CLOEXEC);
	err = loop < 0 ? -errno : loop_attach(loop, image, false);
	if (!err)
		return loop;
	if (loop >= 0)
		close(loop);
	unlink("disk");
	return err;
}

/* One that is there: who adds one cannot make sure that it goes again. */
static int attach(int image)
{
	int loop = -ENODEV;

	for (int number = 0; number < LOOPS; number++) {
		int ret = attach_one(number, image);

		if (ret >= 0 || (ret != -EBUSY && ret != -ENODEV && ret != -ENXIO))
			return ret;
		if (ret == -EBUSY)
			loop = -EBUSY;
	}
	return loop;
}

static int mount_image(const char *type, int image)
{
	int loop = attach(image), err;

	if (loop < 0)
		return loop;
	err = mkdir(type, 0700) || mount("disk", type, type, 0, NULL) ? -errno : 0;
	unlink("disk");
	close(loop);
	return err;
}

static int make_overlay(void)
{
	static const char * const dirs[] = { "lower", "ext4/upper", "ext4/work", "overlay" };

	for (size_t i = 0; i < sizeof(dirs) / sizeof(*dirs); i++)
		if (mkdir(dirs[i], 0700))
			return -errno;
	if (mount("overlay", "overlay", "overlay", 0,
		  "lowerdir=lower,upperdir=ext4/upper,workdir=ext4/work"))
		return -errno;
	return 0;
}

/* What is left to do for one of them when its mkfs is under way as @pid. */
static int finish(enum ownfs_kind kind, int image, pid_t pid)
{
	int err = image < 0 ? image : finish_mkfs(pid), fd;

	if (kind == OWNFS_OVERLAY) {
		err = board->result[OWNFS_EXT4] < 0 ? board->result[OWNFS_EXT4] : make_overlay();
	} else {
		if (err == -EINVAL && *types[kind].mkfs[1])
			err = finish_mkfs(start_mkfs(types[kind].mkfs[1], image));
		err = err ?: mount_image(types[kind].name, image);
	}
	if (err)
		return err;
	fd = open(types[kind].name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

/* The tools work side by side, then one after the other is mounted. */
static void make(void)
{
	int images[NR_OWNFS_KINDS], err = leave_namespace();
	pid_t tools[NR_OWNFS_KINDS] = { 0 };

	for (size_t i = 0; i < NR_OWNFS_KINDS; i++) {
		images[i] = err ?: i == OWNFS_OVERLAY ? -ENOENT : make_image();
		if (images[i] >= 0)
			tools[i] = start_mkfs(types[i].mkfs[0], images[i]);
	}
	for (size_t i = 0; i < NR_OWNFS_KINDS; i++) {
		board->result[i] = finish(i, images[i], tools[i]);
		__atomic_store_n(&board->made[i], true, __ATOMIC_SEQ_CST);
		close(settled[i][1]);
		if (images[i] >= 0)
			close(images[i]);
	}
}

/* The last mount first; then whoever waits for our end finds nothing left. */
static void unmount(void)
{
	for (size_t i = NR_OWNFS_KINDS; i--;) {
		if (board->made[i] && board->result[i] >= 0) {
			close(board->result[i]);
			umount2(types[i].name, MNT_DETACH);
		}
	}
}

static void await(enum wish not_any_more)
{
	while (__atomic_load_n(&board->wanted, __ATOMIC_SEQ_CST) == not_any_more)
		syscall(SYS_futex, &board->wanted, FUTEX_WAIT, not_any_more, NULL, NULL, 0);
}

static pid_t start_keeper(void)
{
	pid_t program = getpid(), pid = fork();

	if (pid)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	prctl(PR_SET_NAME, "anonmem-keeper");
	if (getppid() != program)
		_exit(1);
	await(NOTHING_YET);
	if (__atomic_load_n(&board->wanted, __ATOMIC_SEQ_CST) == ALL)
		make();
	await(ALL);
	unmount();
	_exit(0);
}

/* ---- in the program ---- */

static int open_board(void)
{
	void *addr = mmap(NULL, sizeof(*board), PROT_READ | PROT_WRITE,
			  MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (addr == MAP_FAILED)
		return -errno;
	for (size_t i = 0; i < NR_OWNFS_KINDS; i++) {
		if (!pipe2(settled[i], O_CLOEXEC))
			continue;
		while (i--) {
			close(settled[i][0]);
			close(settled[i][1]);
		}
		munmap(addr, sizeof(*board));
		return -EMFILE;
	}
	board = addr;
	return 0;
}

/**
 * ownfs_begin - be ready to make file systems
 *
 * To be called once, before anything is forked that may call ownfs_path();
 * makes none yet. Needs CAP_SYS_ADMIN.
 *
 * Return: 0 or -errno.
 */
int ownfs_begin(void)
{
	int err;

	if (!privilege_is_full(CAP_SYS_ADMIN))
		return -EPERM;
	err = open_board();
	if (err)
		return err;
	keeper = start_keeper();
	if (keeper < 0)
		err = -errno;
	for (size_t i = 0; i < NR_OWNFS_KINDS; i++)
		close(settled[i][1]);
	if (err)
		ownfs_end();
	return err;
}

static int await_settled(enum ownfs_kind kind)
{
	struct pollfd pipe = { .fd = settled[kind][0] };
	int ready;

	if (__atomic_load_n(&board->made[kind], __ATOMIC_SEQ_CST))
		return 0;
	/* Side by side they take hardly longer than one. */
	want(ALL);
	do {
		ready = poll(&pipe, 1, MAKE_MS);
	} while (ready < 0 && errno == EINTR);
	if (__atomic_load_n(&board->made[kind], __ATOMIC_SEQ_CST))
		return 0;
	return ready ? -ECHILD : -ETIMEDOUT;
}

/**
 * ownfs_path - where one of the file systems is
 * @kind: which; all are made if they have not been
 * @path: where to put a path of its root directory, valid in every process
 *	that may look into this program's
 * @size: of @path, in bytes
 *
 * It is on a loop device over memory; the upper layer of the overlay is on the
 * ext4.
 *
 * Return: 0 or -errno: -ENOENT where its mkfs is not installed, -ENODEV where
 * the kernel has no such file system or no loop device, -EBUSY where none is
 * free, -EINVAL where mkfs failed or the kernel does not know what it made.
 */
int ownfs_path(enum ownfs_kind kind, char *path, size_t size)
{
	int err = board ? await_settled(kind) : -EPERM;

	if (err)
		return err;
	if (board->result[kind] < 0)
		return board->result[kind];
	snprintf(path, size, "/proc/%d/fd/%d", (int)keeper, board->result[kind]);
	return 0;
}

/**
 * ownfs_is_there - has one of the file systems been made, or can it be?
 * @kind: which
 */
bool ownfs_is_there(enum ownfs_kind kind)
{
	char path[64];

	return !ownfs_path(kind, path, sizeof(path));
}

static void end_keeper(void)
{
	long long deadline = patience_until(END_MS);
	pid_t reaped;

	do {
		reaped = waitpid(keeper, NULL, WNOHANG);
	} while (!reaped && patience_left(deadline));
	if (reaped)
		return;
	kill(keeper, SIGKILL);
	waitpid(keeper, NULL, 0);
}

/**
 * ownfs_end - remove the file systems
 *
 * In the process that called ownfs_begin(). What others still have open there
 * stays until they close it.
 */
void ownfs_end(void)
{
	if (!board)
		return;
	want(END);
	if (keeper > 0)
		end_keeper();
	for (size_t i = 0; i < NR_OWNFS_KINDS; i++)
		close(settled[i][0]);
	munmap(board, sizeof(*board));
	board = NULL;
}
