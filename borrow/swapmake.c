// SPDX-License-Identifier: GPL-2.0
/*
 * Making a swap area out of what the machine has, and undoing it.
 *
 * The device a zram area needs is numbered by the kernel, so its number cannot
 * be written down beforehand. It need not be: hot_add is read straight into
 * the shared mapping of the record, and a process that is killed in read(2)
 * dies on its way back to user space, after the copy. Everything else has a
 * name we choose.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/loop.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/swap.h>
#include <time.h>
#include <unistd.h>

#include "../observe/patience.h"
#include "../observe/procfs.h"
#include "blockdev.h"
#include "settings.h"
#include "swapmake.h"

#define AREA_BYTES	(64ULL << 20)
/* Left free on the file system, for whoever else writes there. */
#define SPARE_BYTES	(16ULL << 20)
/* udev looks into a new device; swapoff may have to wait for memory. */
#define REMOVE_MS	10000

#define MAGIC		"anonmem1"
#define FILE_PREFIX	"anonmem-swap."

/* The first page of a swap area: union swap_header of the kernel. */
struct header {
	char boot[1024];
	__u32 version;
	__u32 last_page;
	__u32 nr_badpages;
	unsigned char uuid[16];
	char label[16];
};

/*
 * The compiler must not move what is written down past what it is about; the
 * reader comes after our death, so the processor cannot.
 */
static void in_order(void)
{
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
}

/* The first byte last: a path is either whole or empty. */
static void note_path(char *slot, const char *path)
{
	in_order();
	memcpy(slot + 1, path + 1, strlen(path));
	in_order();
	slot[0] = path[0];
	in_order();
}

static void forget(char *slot)
{
	in_order();
	slot[0] = '\0';
	in_order();
}

static int this_boot(char *id, size_t size)
{
	char *text;
	int err = procfs_slurp("/proc/sys/kernel/random/boot_id", &text, NULL);

	if (err)
		return err;
	snprintf(id, size, "%.36s", text);
	free(text);
	return 0;
}

/**
 * swapmake_begin - take a record up, or write an empty one
 * @made: the record; without its magic it was being begun when its writer was
 *	killed
 *
 * Return: 0; -EBADMSG where it is not of the one format known here; or -errno
 * where the boot has no identity.
 */
int swapmake_begin(struct swapmake *made)
{
	int err;

	if (made->magic[0])
		return memcmp(made->magic, MAGIC, sizeof(made->magic)) ? -EBADMSG : 0;
	err = this_boot(made->boot, sizeof(made->boot));
	in_order();
	if (!err)
		memcpy(made->magic, MAGIC, sizeof(made->magic));
	return err;
}

/**
 * swapmake_is_of_this_boot - may the devices in this record exist?
 * @made: the record
 *
 * A record can outlive a reboot; then a device of that number is not ours.
 *
 * Return: true when they may.
 */
bool swapmake_is_of_this_boot(const struct swapmake *made)
{
	char id[sizeof(made->boot)];

	return !this_boot(id, sizeof(id)) && !strncmp(id, made->boot, sizeof(id));
}

/**
 * swapmake_name - how /proc/swaps names a path
 * @path: the path
 * @name: where to put the name
 * @size: of @name, in bytes; four times the path's are always enough
 */
void swapmake_name(const char *path, char *name, size_t size)
{
	size_t used = 0;

	for (; *path && used + 5 <= size; path++) {
		if (strchr(" \t\n\\", *path))
			used += (size_t)snprintf(name + used, size - used, "\\%03o", *path);
		else
			name[used++] = *path;
	}
	name[used] = '\0';
}

/*
 * The last component decides, which no other area has.  In another mount
 * namespace, or for a run in one, /proc/swaps shows less of the path: the part
 * below a mount that is not there, "/zram1" for "/dev/zram1".
 */
static bool same_area(const char *one, const char *other)
{
	const char *a = strrchr(one, '/'), *b = strrchr(other, '/');

	return a && b && !strcmp(a, b);
}

/**
 * swapmake_others - count the swap areas that the record does not know
 * @made: the record, or NULL
 * @listed: set to whether the area of the record is in use
 *
 * Return: how many there are, or -errno; -ENOENT on a kernel without swap.
 */
int swapmake_others(const struct swapmake *made, bool *listed)
{
	char ours[4 * sizeof(made->swap)] = "";
	char *text, *line, *rest;
	int others = 0;
	int err = procfs_slurp("/proc/swaps", &text, NULL);

	*listed = false;
	if (err)
		return err;
	if (made)
		swapmake_name(made->swap, ours, sizeof(ours));
	strtok_r(text, "\n", &rest);	/* the heading */
	while ((line = strtok_r(NULL, "\n", &rest))) {
		line[strcspn(line, " \t")] = '\0';
		if (same_area(line, ours))
			*listed = true;
		else
			others++;
	}
	free(text);
	return others;
}

/**
 * swapmake_unique - a number that no other process has
 */
unsigned long long swapmake_unique(void)
{
	unsigned long long number;
	struct timespec now;

	if (getrandom(&number, sizeof(number), GRND_NONBLOCK) == (ssize_t)sizeof(number))
		return number;
	clock_gettime(CLOCK_REALTIME, &now);	/* too early after boot */
	return (unsigned long long)now.tv_nsec << 32 ^ (unsigned long long)getpid();
}

/* ---- device nodes ---- */

static int node_opens(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	close(fd);
	return 0;
}

static int make_node(struct swapmake *made, dev_t number)
{
	/* The usual places, whichever takes device nodes. */
	static const char *const dirs[] = { "/dev", "/run", "/tmp", NULL };
	char path[sizeof(made->node)];
	int err = -ENOENT;

	for (const char *const *dir = dirs; *dir; dir++) {
		snprintf(path, sizeof(path), "%s/" FILE_PREFIX "%016llx", *dir, swapmake_unique());
		note_path(made->node, path);
		err = mknod(path, S_IFBLK | 0600, number) ? -errno : node_opens(path);
		if (!err)
			return 0;
		unlink(path);
		forget(made->node);
	}
	return err;
}

/* Finds or makes a node for the disk and notes it as what to swap on. */
static int note_disk(struct swapmake *made, const char *disk)
{
	char path[64];
	struct stat st;
	dev_t number;
	int err = disk_number(disk, &number);

	if (err)
		return err;
	snprintf(path, sizeof(path), "/dev/%s", disk);
	if (!stat(path, &st) && S_ISBLK(st.st_mode) && st.st_rdev == number) {
		note_path(made->swap, path);
		return 0;
	}
	err = make_node(made, number);
	if (!err)
		note_path(made->swap, made->node);
	return err;
}

static int undo_path(char *slot)
{
	if (slot[0] && unlink(slot) && errno != ENOENT && errno != ENOTDIR)
		return -errno;
	forget(slot);
	return 0;
}

/* ---- the swap area itself ---- */

static int write_header(int fd)
{
	long page = sysconf(_SC_PAGESIZE);
	struct header *header = calloc(1, (size_t)page);
	int err = 0;

	if (!header)
		return -ENOMEM;
	header->version = 1;
	header->last_page = (__u32)(AREA_BYTES / (unsigned long long)page - 1);
	memcpy(header->label, "anonmem", sizeof("anonmem"));
	memcpy((char *)header + page - 10, "SWAPSPACE2", 10);
	if (pwrite(fd, header, (size_t)page, 0) != page)
		err = errno ? -errno : -EIO;
	free(header);
	if (!err && fsync(fd))
		err = -errno;
	return err;
}

static int write_header_to(const char *path)
{
	int fd = open(path, O_RDWR | O_CLOEXEC);
	int err;

	if (fd < 0)
		return -errno;
	err = write_header(fd);
	close(fd);
	return err;
}

static int swap_on(const struct swapmake *made)
{
	return swapon(made->swap, 0) ? -errno : 0;
}

/* A signal interrupts it, and a machine short of memory may get some back. */
static int swap_off(const struct swapmake *made)
{
	long long deadline = patience_until(REMOVE_MS);
	bool listed;
	int err;

	do {
		err = swapmake_others(made, &listed);
		if (err < 0 || !listed)
			return err < 0 ? err : 0;
		if (!swapoff(made->swap))
			return 0;
		err = -errno;
	} while ((err == -EINTR || err == -ENOMEM || err == -EAGAIN || err == -EBUSY) &&
		 patience_left(deadline));
	return err;
}

/* ---- zram ---- */

static unsigned long long directory_ino(const char *path)
{
	struct stat st;

	return stat(path, &st) ? 0 : st.st_ino;
}

static int add_zram(struct swapmake *made)
{
	int fd = open("/sys/class/zram-control/hot_add", O_RDONLY | O_CLOEXEC);
	ssize_t got;

	if (fd < 0)
		return -errno;
	made->zram_ino = 0;
	forget(made->zram);	/* also makes the page writable by the kernel's copy */
	got = read(fd, made->zram, sizeof(made->zram) - 1);	/* each read adds one */
	close(fd);
	if (got < 0)
		return -errno;
	return got ? 0 : -EIO;
}

static int make_zram(struct swapmake *made, const char __attribute__((unused)) *dir)
{
	char disk[32], path[80], size[24];
	int err = add_zram(made);

	if (err)
		return err;
	snprintf(disk, sizeof(disk), "zram%d", atoi(made->zram));
	snprintf(path, sizeof(path), "/sys/block/%s", disk);
	made->zram_ino = directory_ino(path);
	if (!made->zram_ino)
		return -ENODEV;
	in_order();
	snprintf(path, sizeof(path), "/sys/block/%s/disksize", disk);
	snprintf(size, sizeof(size), "%llu", AREA_BYTES);
	return setting_write(path, size) ?: note_disk(made, disk) ?:
		write_header_to(made->swap) ?: swap_on(made);
}

/*
 * Between hot_remove and the record's being cleared somebody else may be given
 * the number; the directory of that device has another inode. Where we did not
 * get as far as to note the inode, we had not set a size either.
 */
static bool zram_is_ours(const struct swapmake *made, int id)
{
	char path[64];
	unsigned long long ino, size;

	snprintf(path, sizeof(path), "/sys/block/zram%d", id);
	ino = directory_ino(path);
	if (!ino || made->zram_ino)
		return ino && ino == made->zram_ino;
	snprintf(path, sizeof(path), "/sys/block/zram%d/disksize", id);
	return !procfs_number(path, &size) && !size;
}

static int undo_zram(struct swapmake *made)
{
	long long deadline = patience_until(REMOVE_MS);
	char number[16];
	int id = atoi(made->zram);
	int err = 0;

	if (!made->zram[0])
		return 0;
	snprintf(number, sizeof(number), "%d", id);
	while (zram_is_ours(made, id)) {
		err = setting_write("/sys/class/zram-control/hot_remove", number);
		if (err != -EBUSY || !patience_left(deadline))
			break;
	}
	if (err && zram_is_ours(made, id))
		return err;
	forget(made->zram);
	made->zram_ino = 0;
	return 0;
}

/* ---- files ---- */

static int may_hold(const char *dir, bool itself)
{
	struct rlimit limit;
	struct statfs fs;

	if (statfs(dir, &fs))
		return -errno;
	/* tmpfs and ramfs: swapon() will refuse it, so leave the memory alone. */
	if (itself && ((unsigned int)fs.f_type == 0x01021994 ||
		       (unsigned int)fs.f_type == 0x858458f6))
		return -EINVAL;
	if ((unsigned long long)fs.f_bavail * (unsigned long long)fs.f_bsize <
	    AREA_BYTES + SPARE_BYTES)
		return -ENOSPC;
	/* Past this limit write() would not fail but kill. */
	if (!getrlimit(RLIMIT_FSIZE, &limit) && limit.rlim_cur < AREA_BYTES)
		return -EFBIG;
	return 0;
}

/* Written, not just allocated: a swap file may have neither holes nor promises. */
static int fill(int fd)
{
	static char zeros[65536];
	unsigned long long done = 0;
	ssize_t wrote;

	while (done < AREA_BYTES) {
		wrote = write(fd, zeros, sizeof(zeros));
		if (!wrote)
			return -EIO;
		if (wrote > 0)
			done += (unsigned long long)wrote;
		else if (errno != EINTR)
			return -errno;
	}
	return write_header(fd);
}

static int create_file(struct swapmake *made, const char *dir, bool itself)
{
	char real[PATH_MAX], path[sizeof(made->file)];
	int fd, err;

	if (!realpath(dir, real))
		return -errno;
	err = may_hold(real, itself);
	if (err)
		return err;
	if (snprintf(path, sizeof(path), "%s/" FILE_PREFIX "%016llx", strcmp(real, "/") ? real : "",
		     swapmake_unique()) >= (int)sizeof(path))
		return -ENAMETOOLONG;
	note_path(made->file, path);
	fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return -errno;
	err = fill(fd);
	close(fd);
	return err;
}

static int make_file(struct swapmake *made, const char *dir)
{
	int err = create_file(made, dir, true);

	if (err)
		return err;
	note_path(made->swap, made->file);
	return swap_on(made);
}

/* ---- loop devices ---- */

/* What the device stands on: 1 our file, -EBUSY another, 0 nothing, or -errno. */
static int backed_by_ours(const struct swapmake *made, int number)
{
	char *path;
	int ret = loop_backing(number, &path);

	if (ret != 1)
		return ret;
	/* The name is unique, and the path before it depends on who reads. */
	ret = made->file[0] && strstr(path, strrchr(made->file, '/')) ? 1 : -EBUSY;
	free(path);
	return ret;
}

static int swap_on_loop(struct swapmake *made)
{
	int loop, file, err;

	file = open(made->file, O_RDWR | O_CLOEXEC);
	if (file < 0)
		return -errno;
	loop = open(made->swap, O_RDWR | O_CLOEXEC);
	if (loop < 0) {
		err = -errno;
		close(file);
		return err;
	}
	/* Autoclear detaches the device from the file with the last close, by swapoff. */
	err = loop_attach(loop, file, true);
	if (!err)
		err = swap_on(made);
	close(loop);
	close(file);
	return err;
}

static int undo_loop(struct swapmake *made)
{
	long long deadline = patience_until(REMOVE_MS);
	int number = made->loop - 1;
	int fd, err;

	if (!made->loop)
		return 0;
	/* Whoever else has it open, udev for one, puts the detaching off. */
	while (backed_by_ours(made, number) == 1) {
		fd = open(made->swap, O_RDONLY | O_CLOEXEC);
		if (fd >= 0) {
			ioctl(fd, LOOP_CLR_FD);
			close(fd);
		}
		if (!patience_left(deadline))
			return -EBUSY;
	}
	if (made->loop_added) {
		do {
			err = loop_control(LOOP_CTL_REMOVE, number);
		} while (err == -EBUSY && !backed_by_ours(made, number) && patience_left(deadline));
		/* Still there and bound: somebody else uses it now. */
		if (err == -EBUSY && !backed_by_ours(made, number))
			return err;
	}
	made->loop_added = 0;
	in_order();
	made->loop = 0;
	return 0;
}

static int add_loop(struct swapmake *made, int number)
{
	int err;

	in_order();
	made->loop_added = 1;
	in_order();
	err = loop_control(LOOP_CTL_ADD, number);
	if (!err)
		return 0;
	made->loop_added = 0;
	if (err == -EEXIST)	/* somebody was faster */
		return -EBUSY;
	return err == -ENOENT ? -ENODEV : err;	/* no /dev/loop-control */
}

/*
 * LOOP_CTL_GET_FREE would give a number only after making the device, so look
 * for one that is free, or whose number is, and write that down first.
 */
static int try_loop(struct swapmake *made, int number)
{
	int err = backed_by_ours(made, number);
	char disk[32];

	if (err && err != -ENODEV)
		return -EBUSY;
	made->loop_added = 0;
	in_order();
	made->loop = number + 1;
	err = err ? add_loop(made, number) : 0;
	if (err)
		return err;
	snprintf(disk, sizeof(disk), "loop%d", number);
	return note_disk(made, disk) ?: swap_on_loop(made);
}

/* From the area back to the bare file. */
static int undo_to_file(struct swapmake *made)
{
	int err = swap_off(made) ?: undo_loop(made) ?: undo_path(made->node);

	if (!err)
		forget(made->swap);
	return err;
}

static int make_loop(struct swapmake *made, const char *dir)
{
	int err = create_file(made, dir, false);

	for (int number = 0; !err && number < LOOPS; number++) {
		err = try_loop(made, number);
		if (err != -EBUSY)
			return err;
		err = undo_to_file(made);
	}
	return err ? err : -EBUSY;
}

/* ---- all of it ---- */

/**
 * swapmake_undo - remove what a record says was made
 * @made: the record; what was removed is cleared in it
 *
 * Takes a record as it was when its writer was killed, at whatever moment. What
 * is no longer there, or is somebody else's by now, is left alone. Bounded:
 * each step is tried for ten seconds at most.
 *
 * Return: 0, or -errno of the first step that failed: it and what stands
 * below it are still there, and in the record.
 */
int swapmake_undo(struct swapmake *made)
{
	int err = 0;

	if (swapmake_is_of_this_boot(made))
		err = swap_off(made) ?: undo_loop(made) ?: undo_zram(made);
	err = err ?: undo_path(made->node) ?: undo_path(made->file);
	if (!err) {
		forget(made->swap);
		forget(made->zram);
		made->loop = 0;
		made->loop_added = 0;
	}
	return err;
}

/**
 * swapmake_make - make a swap area of 64 MiB
 * @made: a valid and empty record; it names what was made
 * @kinds: which kinds may be tried, of SWAPMAKE_*
 *
 * In this order: a zram device; a file in $TMPDIR; a file in the current
 * directory; a loop device over one of those. Needs CAP_SYS_ADMIN. Loads no
 * module. What a failed try has made is undone before the next one.
 *
 * Return: 0, or -errno of the last try.
 */
int swapmake_make(struct swapmake *made, unsigned int kinds)
{
	const char *tmpdir = getenv("TMPDIR");
	const struct {
		unsigned int kind;
		int (*make)(struct swapmake *made, const char *dir);
		const char *dir;
	} candidates[] = {
		{ SWAPMAKE_ZRAM, make_zram, "." },
		{ SWAPMAKE_FILE, make_file, tmpdir },
		{ SWAPMAKE_FILE, make_file, "." },
		{ SWAPMAKE_LOOP, make_loop, tmpdir },
		{ SWAPMAKE_LOOP, make_loop, "." },
	};
	int err = -ENODEV, undone;

	for (size_t i = 0; i < sizeof(candidates) / sizeof(*candidates); i++) {
		const char *dir = candidates[i].dir;

		if (!(candidates[i].kind & kinds) || !dir || !*dir)
			continue;
		err = candidates[i].make(made, dir);
		if (!err)
			return 0;
		undone = swapmake_undo(made);
		if (undone)
			return undone;
	}
	return err;
}
