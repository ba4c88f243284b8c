// SPDX-License-Identifier: GPL-2.0
/* The object behind a mapping: what it holds, whoever maps it. */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "object.h"
#include "pagemap.h"
#include "privilege.h"
#include "procfs.h"

/**
 * object_open - open what a VMA maps, also where it has no name left
 * @pid: the process, 0 for the caller
 * @start: where the VMA starts, exactly
 * @len: its length in bytes, exactly
 *
 * Through /proc/PID/map_files, see proc_pid_map_files(5) and the exceptions
 * for shared memory in admin-guide/mm/pagemap.rst.
 *
 * Return: a file descriptor, or -errno: -ENOENT where no VMA has these bounds
 * or it maps no object, -EPERM without CAP_CHECKPOINT_RESTORE in the initial
 * user namespace.
 */
int object_open(pid_t pid, const void *start, size_t len)
{
	char name[64];

	snprintf(name, sizeof(name), "map_files/%jx-%jx", (uintmax_t)(uintptr_t)start,
		 (uintmax_t)((uintptr_t)start + len));
	return procfs_open(pid, name, O_RDONLY);
}

/**
 * object_links_usable - are there map_files, and may the caller follow them?
 */
bool object_links_usable(void)
{
	return !access("/proc/self/map_files", F_OK) &&
	       (privilege_is_full(CAP_SYS_ADMIN) || privilege_is_full(CAP_CHECKPOINT_RESTORE));
}

/**
 * object_has_data - does an object hold data for a page, in memory or swap?
 * @fd: of the object
 * @offset: of the page within the object, in bytes; not a virtual address
 *
 * See lseek(2), SEEK_DATA.
 *
 * Return: 1, 0 for a hole or past the last data, or -errno.
 */
int object_has_data(int fd, off_t offset)
{
	off_t data = lseek(fd, offset, SEEK_DATA);

	if (data < 0)
		return errno == ENXIO ? 0 : -errno;
	return data < offset + (off_t)page_size();
}

/**
 * object_next_extent - find the next run of data
 * @fd: of the object
 * @start: where to look from; then where the data starts, in bytes
 * @end: where it ends
 *
 * Return: 1, 0 where there is no more data, or -errno.
 */
int object_next_extent(int fd, off_t *start, off_t *end)
{
	off_t data = lseek(fd, *start, SEEK_DATA);
	off_t hole;

	if (data < 0)
		return errno == ENXIO ? 0 : -errno;
	hole = lseek(fd, data, SEEK_HOLE);
	if (hole < 0)
		return -errno;
	*start = data;
	*end = hole;
	return 1;
}

/**
 * memory_resident - does mincore() say that a page is in memory?
 * @addr: the page, in the caller's own address space
 *
 * See mincore(2): also true of a page in the page or swap cache that the
 * caller has not mapped.
 *
 * Return: 1, 0, or -errno.
 */
int memory_resident(const void *addr)
{
	unsigned char vec;

	if (mincore((void *)addr, page_size(), &vec))
		return -errno;
	return vec & 1;
}
