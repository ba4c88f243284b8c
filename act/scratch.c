// SPDX-License-Identifier: GPL-2.0
/* Files without a name, on file systems of several kinds. */
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <linux/mount.h>
#include <linux/stat.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "../observe/uapi.h"
#include "access.h"
#include "ownfs.h"
#include "patience.h"
#include "scratch.h"

/* How long dirty pages may take to become droppable, in milliseconds. */
#define DROP_PATIENCE_MS	200

static size_t page_bytes(void)
{
	return (size_t)sysconf(_SC_PAGESIZE);
}

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

static int file_on_ext4(void)
{
	return file_on(OWNFS_EXT4);
}

static int file_on_xfs(void)
{
	return file_on(OWNFS_XFS);
}

static int file_on_btrfs(void)
{
	return file_on(OWNFS_BTRFS);
}

static int file_on_overlay(void)
{
	return file_on(OWNFS_OVERLAY);
}

static int file_in_memory(void)
{
	int fd = memfd_create("anonmem", MFD_CLOEXEC | MFD_ALLOW_SEALING);

	return fd < 0 ? -errno : fd;
}

static int file_of_huge_pages(void)
{
	int fd = memfd_create("anonmem", MFD_CLOEXEC | MFD_HUGETLB);

	return fd < 0 ? -errno : fd;
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
	static int (*const make[NR_SCRATCH_KINDS])(void) = {
		[SCRATCH_HERE] = file_here,
		[SCRATCH_TMPFS] = file_on_tmpfs,
		[SCRATCH_MEMFD] = file_in_memory,
		[SCRATCH_EXT4] = file_on_ext4,
		[SCRATCH_XFS] = file_on_xfs,
		[SCRATCH_BTRFS] = file_on_btrfs,
		[SCRATCH_OVERLAY] = file_on_overlay,
		[SCRATCH_HUGETLB] = file_of_huge_pages,
	};
	int fd = make[kind]();

	if (fd >= 0 && ftruncate(fd, (off_t)(pages * page_bytes()))) {
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

	return fstat(fd, &st) ? page_bytes() : (size_t)st.st_blksize;
}

/* Some network and FUSE file systems bypass the page cache, DAX does. */
static bool file_is_ordinary(int fd)
{
	void *addr = mmap(NULL, page_bytes(), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
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
		munmap(addr, page_bytes());
	return ordinary;
}

/**
 * scratch_usable - can files of a kind be made, opened again and mapped shared?
 * @kind: of scratch_file()
 */
bool scratch_usable(enum scratch_kind kind)
{
	int fd = scratch_file(kind, 1);
	bool usable = fd >= 0 && file_is_ordinary(fd);

	if (fd >= 0)
		close(fd);
	return usable;
}

/**
 * scratch_backing - what are a file's pages?
 * @fd: the file
 *
 * Return: by the kind of file system; of one that stacks on others it cannot
 * be told where the file really is.
 */
enum scratch_backing scratch_backing(int fd)
{
	struct statfs fs;

	if (fstatfs(fd, &fs))
		return BACKING_STACKED;
	switch ((unsigned long)fs.f_type) {
	case TMPFS_MAGIC:
		return BACKING_SHMEM;
	case RAMFS_MAGIC:
		return BACKING_RAMFS;
	case OVERLAYFS_SUPER_MAGIC:
	case ECRYPTFS_SUPER_MAGIC:
		return BACKING_STACKED;
	default:
		return BACKING_STORAGE;
	}
}

/**
 * scratch_is_shmem - are a file's pages shmem rather than page cache proper?
 * @fd: the file; not on a stacked file system
 */
bool scratch_is_shmem(int fd)
{
	return scratch_backing(fd) == BACKING_SHMEM;
}

/**
 * scratch_fill - write(2) a pattern into a file
 * @fd: the file
 * @offset: where the pattern starts, in bytes
 * @len: its length in bytes
 * @seed: which pattern, see pattern_byte()
 *
 * Page by page: file systems size their folios by the size of the write, and
 * what is known of a frame is exact for a folio of one page only.
 *
 * Return: 0 or -errno.
 */
int scratch_fill(int fd, off_t offset, size_t len, unsigned int seed)
{
	size_t page = page_bytes(), done = 0;
	char *buf = malloc(page);
	int ret = buf ? 0 : -ENOMEM;

	while (!ret && done < len) {
		size_t chunk = page - (size_t)(offset + (off_t)done) % page;
		ssize_t put;

		if (chunk > len - done)
			chunk = len - done;
		pattern_fill_part(buf, done, chunk, seed);
		put = pwrite(fd, buf, chunk, offset + (off_t)done);
		if (put <= 0)
			ret = put ? -errno : -ENOSPC;
		else
			done += (size_t)put;
	}
	free(buf);
	return ret;
}

/* Reads @len bytes; what is past the end of the file is an error. */
static int read_all(int fd, off_t offset, size_t len, char **data)
{
	char *buf = malloc(len ?: 1);
	size_t done = 0;

	if (!buf)
		return -ENOMEM;
	while (done < len) {
		ssize_t got = pread(fd, buf + done, len - done, offset + (off_t)done);

		if (got <= 0) {
			int ret = got ? -errno : -ENODATA;

			free(buf);
			return ret;
		}
		done += (size_t)got;
	}
	*data = buf;
	return 0;
}

/**
 * scratch_diff - compare what read(2) gives of a file with a pattern
 * @fd: the file
 * @len: how far, in bytes from its start
 * @seed: which pattern, see pattern_byte()
 *
 * Return: the number of bytes that differ, or -errno; -ENODATA where the file
 * is shorter.
 */
ssize_t scratch_diff(int fd, size_t len, unsigned int seed)
{
	char *data;
	ssize_t ret = read_all(fd, 0, len, &data);

	if (ret)
		return ret;
	ret = (ssize_t)pattern_diff(data, len, seed);
	free(data);
	return ret;
}

/**
 * scratch_diff_direct - scratch_diff() of what is on the storage
 * @fd: the file
 * @len: how far, in bytes from its start, whole pages
 * @seed: which pattern, see pattern_byte()
 *
 * By O_DIRECT, see open(2): past the page cache, other than pages that the
 * kernel knows to be dirty.
 *
 * Return: the number of bytes that differ, or -errno; -EINVAL where the file
 * system does not have it.
 */
ssize_t scratch_diff_direct(int fd, size_t len, unsigned int seed)
{
	char *data = mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int direct = scratch_reopen(fd, O_RDONLY | O_DIRECT);
	ssize_t ret = direct;

	if (data == MAP_FAILED)
		ret = -ENOMEM;
	if (ret >= 0) {
		ret = pread(direct, data, len, 0);
		if (ret < 0)
			ret = -errno;
		else
			ret = (size_t)ret == len ? (ssize_t)pattern_diff(data, len, seed) : -EIO;
	}
	if (direct >= 0)
		close(direct);
	if (data != MAP_FAILED)
		munmap(data, len);
	return ret;
}

/**
 * scratch_byte - what read(2) gives of a file at an offset
 * @fd: the file
 * @offset: in bytes
 *
 * Return: the byte, or -errno; -ENODATA past the end.
 */
int scratch_byte(int fd, off_t offset)
{
	uint8_t byte;
	ssize_t got = pread(fd, &byte, 1, offset);

	if (got < 0)
		return -errno;
	return got ? byte : -ENODATA;
}

/**
 * scratch_all_zero - does read(2) give zeros only?
 * @fd: the file
 * @offset: where to start, in bytes
 * @len: how far
 *
 * Return: 1, 0, or -errno; -ENODATA where the file is shorter.
 */
int scratch_all_zero(int fd, off_t offset, size_t len)
{
	char *data;
	int ret = read_all(fd, offset, len, &data);

	if (ret)
		return ret;
	ret = all_zero(data, len);
	free(data);
	return ret;
}

/* Pages of a mapping whose data is in the page cache, or -errno. */
static ssize_t pages_cached(void *addr, size_t pages, unsigned char *vec)
{
	ssize_t cached = 0;

	if (mincore(addr, pages * page_bytes(), vec))
		return -errno;
	for (size_t i = 0; i < pages; i++)
		cached += vec[i] & 1;
	return cached;
}

/**
 * scratch_drop_cache - drop a file's pages from the page cache
 * @fd: the file; nobody maps it
 * @pages: its length in pages
 *
 * What is dirty stays, so sync first.  POSIX_FADV_DONTNEED is a hint: whether
 * it was taken is what mincore(2) tells.  It wants a mapping; that is there
 * before anything is dropped, for a kernel that reads what is mapped must not
 * hide by it, and maps no page, which would stay.
 *
 * Return: 0, -EAGAIN where pages stayed, or -errno.
 */
int scratch_drop_cache(int fd, size_t pages)
{
	long long deadline = patience_until(DROP_PATIENCE_MS);
	size_t len = pages * page_bytes();
	void *window = mmap(NULL, len, PROT_NONE, MAP_SHARED, fd, 0);
	ssize_t cached = window == MAP_FAILED ? -errno : -ENOMEM;
	unsigned char *vec = malloc(pages);

	while (vec && window != MAP_FAILED) {
		cached = -posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
		if (!cached)
			cached = pages_cached(window, pages, vec);
		if (cached <= 0 || !patience_left(deadline))
			break;
	}
	if (window != MAP_FAILED)
		munmap(window, len);
	free(vec);
	return cached > 0 ? -EAGAIN : (int)cached;
}
