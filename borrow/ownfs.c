// SPDX-License-Identifier: GPL-2.0
/*
 * File systems of a program's own, each on a storage of its own.
 *
 * A process for each of them, a keeper, makes it when it is first asked for, by
 * whichever process of the program, and holds it until the program ends.  What
 * it makes hangs on the keeper alone: the mounts are in its own mount
 * namespace, the loop device clears itself when nobody has it mounted, and the
 * image is memory without a name.  A keeper that is killed takes all with it,
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
#include <string.h>
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

#define KEEPERS		3	/* ext4 with the overlay on it, xfs, btrfs */
#define BIT(n)		(1U << (n))
#define ALL		(BIT(NR_OWNFS_KINDS) - 1)
#define END		BIT(31)

/* What all processes of the program see. */
struct board {
	uint32_t wanted;		/* kinds, or END */
	bool made[NR_OWNFS_KINDS];	/* or found out that it cannot be */
	int result[NR_OWNFS_KINDS];	/* a descriptor of the keeper's, or -errno */
};

static struct board *board;
static pid_t keepers[KEEPERS];
static bool together;

/*
 * For each kind a pipe that the keeper alone holds the other end of, and lets
 * go of when it has settled it; or it has died.
 */
static int settled[NR_OWNFS_KINDS][2];

static void want(uint32_t bits)
{
	__atomic_or_fetch(&board->wanted, bits, __ATOMIC_SEQ_CST);
	syscall(SYS_futex, &board->wanted, FUTEX_WAKE, INT_MAX, NULL, NULL, 0);
}

static size_t keeper_of(enum ownfs_kind kind)
{
	return kind == OWNFS_OVERLAY ? OWNFS_EXT4 : kind;
}

/* ---- in the keepers ---- */

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
static void exec_tool(const char * const *argv)
{
	static const char * const dirs[] = { "/usr/sbin", "/sbin", "/usr/local/sbin" };
	int null = open("/dev/null", O_RDWR);
	char path[64];

	for (int fd = 0; fd < 3; fd++)
		if (null >= 0)
			dup2(null, fd);
	execvp(argv[0], (char **)argv);
	for (size_t i = 0; i < sizeof(dirs) / sizeof(*dirs); i++) {
		snprintf(path, sizeof(path), "%s/%s", dirs[i], argv[0]);
		execv(path, (char **)argv);
	}
	_exit(127);
}

static int run_tool(const char * const *argv)
{
	pid_t keeper = getpid(), pid = fork();
	int status;

	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() == keeper)
			exec_tool(argv);
		_exit(127);
	}
	if (pid < 0)
		return -errno;
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	if (WIFEXITED(status) && WEXITSTATUS(status) == 127)
		return -ENOENT;
	return status ? -EINVAL : 0;
}

#define MOST_ARGS	12

/* @image is put behind the arguments. */
static int format(const char * const *options, int image)
{
	const char *argv[MOST_ARGS + 2] = { NULL };
	char path[64];
	size_t n = 0;

	snprintf(path, sizeof(path), "/proc/%d/fd/%d", (int)getpid(), image);
	while (options[n]) {
		argv[n] = options[n];
		n++;
	}
	argv[n] = path;
	return run_tool(argv);
}

static int format_ext4(int image)
{
	static const char * const options[MOST_ARGS] = {
		"mkfs.ext4", "-q", "-F", "-b", "4096", "-N", "1024",
		"-E", "nodiscard,lazy_itable_init=0,lazy_journal_init=1"
	};

	return format(options, image);
}

/* Zeros for a log of ordinary size take 64 MiB; old ones take no such order. */
static int format_xfs(int image)
{
	static const char * const small[MOST_ARGS] = {
		"mkfs.xfs", "-q", "-f", "-K", "-d", "agcount=1", "-l", "size=8m", "--unsupported"
	};
	static const char * const options[MOST_ARGS] = { "mkfs.xfs", "-q", "-f", "-K" };
	int err = format(small, image);

	return err == -EINVAL ? format(options, image) : err;
}

static int format_btrfs(int image)
{
	static const char * const options[MOST_ARGS] = {
		"mkfs.btrfs", "-q", "-f", "-K", "-m", "single"
	};

	return format(options, image);
}

static const struct {
	const char *name;
	int (*format)(int image);
} types[KEEPERS] = {
	[OWNFS_EXT4] = { "ext4", format_ext4 },
	[OWNFS_XFS] = { "xfs", format_xfs },
	[OWNFS_BTRFS] = { "btrfs", format_btrfs },
};

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
	err = loop < 0 ? -errno : loop_attach(loop, image, "anonmem");
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
	err = mount("disk", type, type, 0, NULL) ? -errno : 0;
	close(loop);
	return err;
}

static int open_mount(const char *dir)
{
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

static int make_on_image(enum ownfs_kind kind)
{
	const char *type = types[kind].name;
	int err = leave_namespace(), image;

	if (err)
		return err;
	if (mkdir(type, 0700))
		return -errno;
	image = make_image();
	if (image < 0)
		return image;
	err = types[kind].format(image);
	err = err ?: mount_image(type, image);
	close(image);
	return err ?: open_mount(type);
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
	return open_mount("overlay");
}

static void settle(enum ownfs_kind kind)
{
	if (board->made[kind])
		return;
	if (kind == OWNFS_OVERLAY) {
		settle(OWNFS_EXT4);
		board->result[kind] = board->result[OWNFS_EXT4];
		if (board->result[kind] >= 0)
			board->result[kind] = make_overlay();
	} else {
		board->result[kind] = make_on_image(kind);
	}
	__atomic_store_n(&board->made[kind], true, __ATOMIC_SEQ_CST);
	close(settled[kind][1]);
}

/* The last mount first; then whoever waits for our end finds nothing left. */
static void unmount(void)
{
	static const enum ownfs_kind last_first[] = {
		OWNFS_OVERLAY, OWNFS_BTRFS, OWNFS_XFS, OWNFS_EXT4
	};

	for (size_t i = 0; i < NR_OWNFS_KINDS; i++) {
		enum ownfs_kind kind = last_first[i];

		if (board->made[kind] && board->result[kind] >= 0) {
			close(board->result[kind]);
			umount2(kind == OWNFS_OVERLAY ? "overlay" : types[kind].name, MNT_DETACH);
		}
	}
}

static void keep(size_t keeper)
{
	uint32_t wanted;

	while (!((wanted = __atomic_load_n(&board->wanted, __ATOMIC_SEQ_CST)) & END)) {
		for (enum ownfs_kind kind = 0; kind < NR_OWNFS_KINDS; kind++)
			if (wanted & BIT(kind) && keeper_of(kind) == keeper)
				settle(kind);
		syscall(SYS_futex, &board->wanted, FUTEX_WAIT, wanted, NULL, NULL, 0);
	}
}

static pid_t start_keeper(size_t keeper)
{
	pid_t program = getpid(), pid = fork();

	if (pid)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	prctl(PR_SET_NAME, "anonmem-keeper");
	if (getppid() != program)
		_exit(1);
	for (enum ownfs_kind kind = 0; kind < NR_OWNFS_KINDS; kind++)
		if (keeper_of(kind) != keeper)
			close(settled[kind][1]);
	keep(keeper);
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
 * @all_at_once: who asks for one of them will ask for the others, too
 *
 * To be called once, before anything is forked that may call ownfs_path();
 * makes none yet. Needs CAP_SYS_ADMIN.
 *
 * Return: 0 or -errno.
 */
int ownfs_begin(bool all_at_once)
{
	int err;

	if (!privilege_is_full(CAP_SYS_ADMIN))
		return -EPERM;
	err = open_board();
	if (err)
		return err;
	together = all_at_once;
	for (size_t i = 0; !err && i < KEEPERS; i++) {
		keepers[i] = start_keeper(i);
		if (keepers[i] < 0)
			err = -errno;
	}
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
	want(together ? ALL : BIT(kind));
	do {
		ready = poll(&pipe, 1, MAKE_MS);
	} while (ready < 0 && errno == EINTR);
	if (__atomic_load_n(&board->made[kind], __ATOMIC_SEQ_CST))
		return 0;
	return ready ? -ECHILD : -ETIMEDOUT;
}

/**
 * ownfs_path - where one of the file systems is
 * @kind: which; it is made if it has not been
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
	snprintf(path, size, "/proc/%d/fd/%d", (int)keepers[keeper_of(kind)],
		 board->result[kind]);
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

static void end_keeper(pid_t keeper, long long deadline)
{
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
	long long deadline = patience_until(END_MS);

	if (!board)
		return;
	want(END);
	for (size_t i = 0; i < KEEPERS; i++) {
		if (keepers[i] > 0)
			end_keeper(keepers[i], deadline);
		keepers[i] = 0;
	}
	for (size_t i = 0; i < NR_OWNFS_KINDS; i++)
		close(settled[i][0]);
	munmap(board, sizeof(*board));
	board = NULL;
}
