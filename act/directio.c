// SPDX-License-Identifier: GPL-2.0
/* A task that keeps reading from storage straight into the caller's memory. */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "../borrow/scratch.h"
#include "../observe/pagemap.h"
#include "../observe/patience.h"
#include "../observe/sysmem.h"
#include "../observe/uapi.h"
#include "access.h"
#include "directio.h"
#include "filedata.h"

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

/* All of them, by one call. */
static bool read_halves(struct direct_reader *reader)
{
	struct iovec halves[DIRECT_PAGES];

	for (size_t i = 0; i < DIRECT_PAGES; i++)
		halves[i] = (struct iovec){
			reader->addr + (2 * i + 1) * reader->half, reader->half
		};
	return preadv(reader->fd, halves, DIRECT_PAGES, 0) ==
	       (ssize_t)(DIRECT_PAGES * reader->half);
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
	if (!read_halves(reader))
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

/* How many pages were pinned while the reader read so often, by whomever; or -errno. */
static long long pins_by_reading(struct direct_reader *reader, int reads)
{
	long long before = vmstat_event("nr_foll_pin_acquired");

	for (int i = 0; i < reads; i++)
		if (!read_halves(reader))
			return -EIO;
	return before < 0 ? before : vmstat_event("nr_foll_pin_acquired") - before;
}

static long long pins_in_ms(long long ms)
{
	long long before = vmstat_event("nr_foll_pin_acquired"), end = patience_now() + ms;

	while (patience_now() <= end)
		sched_yield();
	return vmstat_event("nr_foll_pin_acquired") - before;
}

/*
 * A CPU keeps up to 127 of what it counts back (mm/vmstat.c), and the count is of
 * everybody's pins: so more is read, and looked on in between for how many others have.
 */
static bool reads_pin(struct direct_reader *reader)
{
	const int kept_back = 2 * 127, reads = 4 * kept_back / DIRECT_PAGES;
	bool quiet = false;

	for (int i = 0; i < 3; i++) {
		long long begun = patience_now();

		if (pins_by_reading(reader, reads) < 3 * kept_back)
			return false;
		quiet = quiet || pins_in_ms(patience_now() - begun) < kept_back;
	}
	return quiet;
}

/*
 * ext4 and xfs do since 6.5, and a kernel that has what came with 6.10 is no older:
 * where they do not, it is not for want of it.
 */
static bool has_to_pin(int fd)
{
#ifdef __NR_mseal
	return scratch_lets_go(SCRATCH_HERE, fd) && !syscall(__NR_mseal, 0, 0, 0);
#else
	return fd < 0;
#endif
}

/**
 * direct_possible - does O_DIRECT pin memory where the tests run?
 *
 * File systems came to do so from 6.3 on, and some (nfs) do not to this day.  Before,
 * open(2) warned of O_DIRECT and fork() at the same time.
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
		possible = has_to_pin(reader.fd) ? read_halves(&reader) : reads_pin(&reader);
		munmap(reader.addr, DIRECT_PAGES * page_size());
	}
	close(reader.fd);
	return possible;
}
