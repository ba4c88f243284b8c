// SPDX-License-Identifier: GPL-2.0
/* A task that keeps reading from storage straight into the caller's memory. */
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <sys/utsname.h>
#include <sys/vfs.h>
#include <stdio.h>
#include <unistd.h>

#include "../borrow/scratch.h"
#include "../observe/pagemap.h"
#include "access.h"
#include "directio.h"
#include "filedata.h"

#ifndef XFS_SUPER_MAGIC
#define XFS_SUPER_MAGIC	0x58465342
#endif

#define SEED		21

static int open_direct(void)
{
	size_t len = DIRECT_PAGES * page_size() / 2;
	int fd = scratch_file(SCRATCH_HERE, DIRECT_PAGES);
	int direct, ret;

	if (fd < 0)
		return fd;
	ret = file_fill(fd, 0, len, SEED);
	if (!ret && fsync(fd))
		ret = -errno;
	direct = ret ?: scratch_reopen(fd, O_RDONLY | O_DIRECT);
	close(fd);
	return direct;
}

static ssize_t read_halves(struct direct_reader *reader)
{
	struct iovec halves[DIRECT_PAGES];

	for (size_t i = 0; i < DIRECT_PAGES; i++)
		halves[i] = (struct iovec){
			reader->addr + (2 * i + 1) * reader->half, reader->half
		};
	return preadv(reader->fd, halves, DIRECT_PAGES, 0);
}

static unsigned long count_lost(const struct direct_reader *reader)
{
	unsigned long lost = 0;

	for (size_t i = 0; i < DIRECT_PAGES; i++)
		lost += pattern_diff_part(reader->addr + (2 * i + 1) * reader->half,
					  i * reader->half, reader->half, reader->seed);
	return lost;
}

static bool read_once(void *arg, unsigned long round)
{
	struct direct_reader *reader = arg;

	(void)round;
	for (size_t i = 0; i < DIRECT_PAGES; i++)
		memset(reader->addr + (2 * i + 1) * reader->half, 0, reader->half);
	if (read_halves(reader) != (ssize_t)(DIRECT_PAGES * reader->half))
		return false;
	reader->lost += count_lost(reader);
	return true;
}

/**
 * direct_start - start reading with O_DIRECT
 * @reader: where to describe the task; must stay where it is
 * @addr: DIRECT_PAGES pages; the second half of each is where data goes to,
 *	over and over, and nobody else's to write
 *
 * A worker reads, see worker_start().
 *
 * Return: 0 once data has come, or -errno.
 */
int direct_start(struct direct_reader *reader, void *addr)
{
	*reader = (struct direct_reader){ .addr = addr, .seed = SEED };
	reader->half = page_size() / 2;
	reader->fd = open_direct();
	if (reader->fd < 0)
		return reader->fd;
	return worker_start(&reader->worker, read_once, reader);
}

/**
 * direct_stop - end a reader, and reap it
 * @reader: as direct_start() described it
 *
 * Return: 0, -ECANCELED where a read had failed, or -errno.
 */
int direct_stop(struct direct_reader *reader)
{
	int ret = worker_stop(&reader->worker);

	close(reader->fd);
	return ret;
}

/* These pin what they read into, since 6.5; others (nfs) do not to this day. */
static bool pins_pages(int fd)
{
	unsigned int major = 0, minor = 0;
	struct utsname name;
	struct statfs fs;

	if (fstatfs(fd, &fs) || uname(&name) ||
	    sscanf(name.release, "%u.%u", &major, &minor) != 2)
		return false;
	if (major < 6 || (major == 6 && minor < 5))
		return false;
	return fs.f_type == EXT4_SUPER_MAGIC || fs.f_type == XFS_SUPER_MAGIC;
}

/**
 * direct_possible - does O_DIRECT pin memory where the tests run?
 *
 * Before, open(2) warned of O_DIRECT and fork() at the same time.
 */
bool direct_possible(void)
{
	struct direct_reader reader = { .half = page_size() / 2, .fd = open_direct() };
	bool possible = false;

	if (reader.fd < 0)
		return false;
	reader.addr = mmap(NULL, DIRECT_PAGES * page_size(), PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (reader.addr != MAP_FAILED) {
		possible = pins_pages(reader.fd) && read_halves(&reader) ==
			   (ssize_t)(DIRECT_PAGES * reader.half);
		munmap(reader.addr, DIRECT_PAGES * page_size());
	}
	close(reader.fd);
	return possible;
}
