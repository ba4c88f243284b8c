// SPDX-License-Identifier: GPL-2.0
/* What is in a file, past all mappings of it: by read(2), write(2) and O_DIRECT. */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../borrow/scratch.h"
#include "../observe/pagemap.h"
#include "../observe/patience.h"
#include "access.h"
#include "filedata.h"

/* How long dirty pages may take to become droppable, in milliseconds. */
#define DROP_PATIENCE_MS	1000

/**
 * file_fill - write(2) a pattern into a file
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
int file_fill(int fd, off_t offset, size_t len, unsigned int seed)
{
	size_t page = page_size(), done = 0;
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

/* Reads @len bytes as O_DIRECT wants them; past the end of the file is an error. */
static int read_all(int fd, off_t offset, size_t len, char **data)
{
	char *buf = aligned_alloc(page_size(), len);
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
 * file_diff - compare what read(2) gives of a file with a pattern
 * @fd: the file
 * @len: how far, in bytes from its start
 * @seed: which pattern, see pattern_byte()
 *
 * Return: the number of bytes that differ, or -errno; -ENODATA where the file
 * is shorter.
 */
ssize_t file_diff(int fd, size_t len, unsigned int seed)
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
 * file_diff_direct - file_diff() of what is on the storage
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
ssize_t file_diff_direct(int fd, size_t len, unsigned int seed)
{
	int direct = scratch_reopen(fd, O_RDONLY | O_DIRECT);
	ssize_t ret = direct;

	if (direct >= 0) {
		ret = file_diff(direct, len, seed);
		close(direct);
	}
	return ret;
}

/**
 * file_byte - what read(2) gives of a file at an offset
 * @fd: the file
 * @offset: in bytes
 *
 * Return: the byte, or -errno; -ENODATA past the end.
 */
int file_byte(int fd, off_t offset)
{
	uint8_t byte;
	ssize_t got = pread(fd, &byte, 1, offset);

	if (got < 0)
		return -errno;
	return got ? byte : -ENODATA;
}

/**
 * file_all_zero - does read(2) give zeros only?
 * @fd: the file
 * @offset: where to start, in bytes
 * @len: how far
 *
 * Return: 1, 0, or -errno; -ENODATA where the file is shorter.
 */
int file_all_zero(int fd, off_t offset, size_t len)
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

	if (mincore(addr, pages * page_size(), vec))
		return -errno;
	for (size_t i = 0; i < pages; i++)
		cached += vec[i] & 1;
	return cached;
}

/**
 * file_drop_cache - drop a file's pages from the page cache
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
int file_drop_cache(int fd, size_t pages)
{
	long long deadline = patience_until(DROP_PATIENCE_MS);
	size_t len = pages * page_size();
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
