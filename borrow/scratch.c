// SPDX-License-Identifier: GPL-2.0
/* Files without a name, on file systems of several kinds. */
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <linux/magic.h>
#include <linux/mount.h>
#include <linux/stat.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "../observe/pagemap.h"
#include "../observe/procfs.h"
#include "../observe/uapi.h"
#include "ownfs.h"
#include "scratch.h"
#include "settings.h"

#ifndef XFS_SUPER_MAGIC
#define XFS_SUPER_MAGIC	0x58465342
#endif

/* A file system without O_TMPFILE gets a name for the blink of an eye. */
static int file_in(const char *dir)
{
	int fd = open(dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	char path[4096];

	if (fd >= 0)
		return fd;
	if (snprintf(path, sizeof(path), "%s/anonmem-XXXXXX", dir) >= (int)sizeof(path))
		return -ENAMETOOLONG;
	fd = mkostemp(path, O_CLOEXEC);
	if (fd < 0)
		return -errno;
	unlink(path);
	return fd;
}

static int file_here(void)
{
	const char * const dirs[] = { getenv("TMPDIR"), ".", "/tmp" };
	int ret = -ENOENT;

	for (size_t i = 0; ret < 0 && i < sizeof(dirs) / sizeof(*dirs); i++)
		if (dirs[i] && *dirs[i])
			ret = file_in(dirs[i]);
	return ret;
}

static bool is_tmpfs(const char *dir)
{
	struct statfs fs;

	return !statfs(dir, &fs) && (unsigned long)fs.f_type == TMPFS_MAGIC;
}

/*
 * A tmpfs that is mounted nowhere and goes with its last descriptor, so that
 * nothing is left of it however the caller ends.
 */
static int detached_tmpfs(void)
{
	int mount = -EOPNOTSUPP;
#ifdef SYS_fsopen
	int fs = (int)syscall(SYS_fsopen, "tmpfs", FSOPEN_CLOEXEC);

	if (fs < 0)
		return -errno;
	if (!syscall(SYS_fsconfig, fs, FSCONFIG_CMD_CREATE, NULL, NULL, 0))
		mount = (int)syscall(SYS_fsmount, fs, FSMOUNT_CLOEXEC, 0);
	if (mount < 0)
		mount = -errno;
	close(fs);
#endif
	return mount;
}

static int file_on_tmpfs(void)
{
	static const char * const dirs[] = { "/dev/shm", "/tmp", "/run/shm", "/run", "/" };
	static int own = -1;
	char path[64];
	int fd;

	for (size_t i = 0; own < 0 && i < sizeof(dirs) / sizeof(*dirs); i++) {
		fd = is_tmpfs(dirs[i]) ? file_in(dirs[i]) : -ENOENT;
		if (fd >= 0)
			return fd;
	}
	if (own < 0)
		own = detached_tmpfs();
	if (own < 0)
		return own;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", own);
	return file_in(path);
}

static int file_on(enum ownfs_kind kind)
{
	char root[64];
	int err = ownfs_path(kind, root, sizeof(root));

	return err ?: file_in(root);
}

static int file_in_memory(unsigned int flags)
{
	int fd = memfd_create("anonmem", MFD_CLOEXEC | flags);

	return fd < 0 ? -errno : fd;
}

static int make_file(enum scratch_kind kind)
{
	switch (kind) {
	case SCRATCH_HERE:
		return file_here();
	case SCRATCH_TMPFS:
		return file_on_tmpfs();
	case SCRATCH_MEMFD:
		return file_in_memory(MFD_ALLOW_SEALING);
	case SCRATCH_HUGETLB:
		return file_in_memory(MFD_HUGETLB);
	default:
		return file_on(OWNFS_EXT4 + (kind - SCRATCH_EXT4));
	}
}

/**
 * scratch_file - make a file of zeros that has no name
 * @kind: on what kind of file system
 * @pages: its length in pages
 *
 * Nothing is left behind however the caller ends.
 *
 * Return: a descriptor open for reading and writing, or -errno.
 */
int scratch_file(enum scratch_kind kind, size_t pages)
{
	int fd = make_file(kind);

	if (fd >= 0 && ftruncate(fd, (off_t)(pages * page_size()))) {
		int err = errno;

		close(fd);
		return -err;
	}
	return fd;
}

/**
 * scratch_reopen - open a scratch file again
 * @fd: the file
 * @flags: of open(2); O_CLOEXEC is added
 *
 * Return: another descriptor, with an access mode of its own, or -errno.
 */
int scratch_reopen(int fd, int flags)
{
	char path[64];
	int again;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	again = open(path, flags | O_CLOEXEC);
	return again < 0 ? -errno : again;
}

/**
 * scratch_block - what a file's length should be a multiple of
 * @fd: the file
 *
 * Return: in bytes; of SCRATCH_HUGETLB the size of a huge page, see memfd_create(2).
 */
size_t scratch_block(int fd)
{
	struct stat st;

	return fstat(fd, &st) ? page_size() : (size_t)st.st_blksize;
}

/* Some network and FUSE file systems bypass the page cache, DAX does. */
static bool file_is_ordinary(int fd)
{
	size_t len = 2 * scratch_block(fd);
	void *addr = mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	int again = scratch_reopen(fd, O_RDONLY);
	bool ordinary = addr != MAP_FAILED && again >= 0;
#if defined(SYS_statx) && defined(STATX_ATTR_DAX)
	struct statx stx = { 0 };

	if (!syscall(SYS_statx, fd, "", AT_EMPTY_PATH, STATX_BASIC_STATS, &stx) &&
	    stx.stx_attributes & STATX_ATTR_DAX)
		ordinary = false;
#endif
	if (again >= 0)
		close(again);
	if (addr != MAP_FAILED)
		munmap(addr, len);
	return ordinary;
}

/**
 * scratch_usable - can files of a kind be made, opened again and mapped shared?
 * @kind: of scratch_file()
 *
 * Two blocks: mapping huge pages reserves them, so that a store gets them.
 */
bool scratch_usable(enum scratch_kind kind)
{
	int fd = scratch_file(kind, 0);
	bool usable = fd >= 0 && file_is_ordinary(fd);

	if (fd >= 0)
		close(fd);
	return usable;
}

/**
 * scratch_medium - what are a file's pages?
 * @fd: the file
 *
 * Return: by the kind of file system; of one that stacks on others it cannot
 * be told where the file really is.
 */
enum scratch_medium scratch_medium(int fd)
{
	struct statfs fs;

	if (fstatfs(fd, &fs))
		return MEDIUM_STACKED;
	switch ((unsigned long)fs.f_type) {
	case TMPFS_MAGIC:
		return MEDIUM_SHMEM;
	case RAMFS_MAGIC:
		return MEDIUM_RAMFS;
	case OVERLAYFS_SUPER_MAGIC:
	case ECRYPTFS_SUPER_MAGIC:
		return MEDIUM_STACKED;
	default:
		return MEDIUM_STORAGE;
	}
}

/**
 * scratch_journals_data - may data of a file be in a journal as well?
 * @fd: the file
 *
 * Only ext4 does that, and holds on to the pages for as long as it likes.
 *
 * Return: false where it is known that they are not.
 */
bool scratch_journals_data(int fd)
{
	char path[4096], device[256], *name;
	bool journalled = true;
	struct stat st;
	struct statfs fs;
	ssize_t len;
	char *text;
	int flags;

	if (!fstatfs(fd, &fs) && fs.f_type != EXT4_SUPER_MAGIC)
		return false;
	if (fstat(fd, &st) || (!ioctl(fd, FS_IOC_GETFLAGS, &flags) && flags & FS_JOURNAL_DATA_FL))
		return true;
	snprintf(path, sizeof(path), "/sys/dev/block/%u:%u", major(st.st_dev), minor(st.st_dev));
	len = readlink(path, device, sizeof(device) - 1);
	if (len < 0)
		return true;
	device[len] = '\0';
	name = strrchr(device, '/');
	snprintf(path, sizeof(path), "/proc/fs/ext4/%s/options", name ? name + 1 : device);
	if (!procfs_slurp(path, &text, NULL)) {
		journalled = words_have(text, "data=journal");
		free(text);
	}
	return journalled;
}

/**
 * scratch_lets_go - does nobody hold on to pages that were synced?
 * @kind: of the file
 * @fd: the file, of the caller's own
 *
 * Return: true where that is known of the file system.
 */
bool scratch_lets_go(enum scratch_kind kind, int fd)
{
	struct statfs fs;

	if (kind != SCRATCH_HERE)
		return true;
	if (fstatfs(fd, &fs))
		return false;
	if (fs.f_type == EXT4_SUPER_MAGIC)
		return !scratch_journals_data(fd);
	return fs.f_type == XFS_SUPER_MAGIC;
}

/**
 * scratch_here_is - what are the pages of files where the tests run?
 * @medium: as scratch_medium() says
 *
 * Return: true where they are that; what is below a file system that stacks on
 * others shows when its cache is to be dropped.
 */
bool scratch_here_is(enum scratch_medium medium)
{
	int fd = scratch_file(SCRATCH_HERE, 1);
	bool is = fd >= 0 && scratch_medium(fd) == medium;

	if (fd >= 0)
		close(fd);
	return is;
}
