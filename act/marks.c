// SPDX-License-Identifier: GPL-2.0
/* Marks on pages that tell later whether they were written. */
#include <errno.h>
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../observe/pagemap.h"
#include "../observe/procfs.h"
#include "access.h"
#include "marks.h"
#include "range.h"

#ifndef UFFD_USER_MODE_ONLY			/* 5.11 */
#define UFFD_USER_MODE_ONLY		1
#endif
#ifndef UFFD_FEATURE_PAGEFAULT_FLAG_WP		/* 5.7 */
#define UFFD_FEATURE_PAGEFAULT_FLAG_WP	(1 << 0)
#endif
#ifndef UFFD_FEATURE_WP_HUGETLBFS_SHMEM		/* 5.19 */
#define UFFD_FEATURE_WP_HUGETLBFS_SHMEM	(1 << 12)
#endif

/**
 * soft_dirty_clear - forget which pages of a process were written
 * @pid: the process, 0 for the caller
 *
 * Writes 4 to clear_refs, see admin-guide/mm/soft-dirty.rst.  Kernels that do
 * not track soft-dirty take that, too, and do nothing.
 *
 * Return: 0 or -errno.
 */
int soft_dirty_clear(pid_t pid)
{
	int fd = procfs_open(pid, "clear_refs", O_WRONLY);
	int ret = 0;

	if (fd < 0)
		return fd;
	if (write(fd, "4", 1) != 1)
		ret = -errno;
	close(fd);
	return ret;
}

static int open_uffd(void)
{
	/* User mode is all that is needed, and all that most may have. */
	int fd = (int)syscall(SYS_userfaultfd, O_CLOEXEC | O_NONBLOCK | UFFD_USER_MODE_ONLY);

	if (fd < 0 && errno == EINVAL)
		fd = (int)syscall(SYS_userfaultfd, O_CLOEXEC | O_NONBLOCK);
	return fd < 0 ? -errno : fd;
}

static int watch(int fd, void *addr, size_t len)
{
	struct uffdio_api api = {
		.api = UFFD_API,
		.features = UFFD_FEATURE_PAGEFAULT_FLAG_WP | UFFD_FEATURE_WP_HUGETLBFS_SHMEM,
	};
	struct uffdio_register range = {
		.range = { .start = (uintptr_t)addr, .len = len },
		.mode = UFFDIO_REGISTER_MODE_WP,
	};

	if (ioctl(fd, UFFDIO_API, &api) || ioctl(fd, UFFDIO_REGISTER, &range))
		return -errno;
	return 0;
}

/**
 * uffd_watch_writes - prepare pages for uffd_write_protect()
 * @addr: the first page, of private or shared memory
 * @len: in bytes
 *
 * See admin-guide/mm/userfaultfd.rst.  Closing the descriptor takes all
 * protection away.
 *
 * Return: a userfaultfd, or -errno: -EINVAL on kernels that cannot do it for
 * shared memory (before 5.19).
 */
int uffd_watch_writes(void *addr, size_t len)
{
	int fd = open_uffd();
	int ret = fd < 0 ? fd : watch(fd, addr, len);

	if (ret && fd >= 0)
		close(fd);
	return ret ?: fd;
}

/**
 * uffd_write_protect - set or take away the protection of pages
 * @fd: from uffd_watch_writes()
 * @addr: the first page
 * @len: in bytes
 * @protect: whether to set it; nobody answers the faults of who writes then
 *
 * Return: 0 or -errno.
 */
int uffd_write_protect(int fd, void *addr, size_t len, bool protect)
{
	struct uffdio_writeprotect change = {
		.range = { .start = (uintptr_t)addr, .len = len },
		.mode = protect ? UFFDIO_WRITEPROTECT_MODE_WP : 0,
	};

	return ioctl(fd, UFFDIO_WRITEPROTECT, &change) ? -errno : 0;
}

/**
 * soft_dirty_tracked - does the kernel track soft-dirty?
 *
 * One that does calls everything written that is new.  To see whether clear_refs
 * takes an order proves nothing: all kernels do.
 */
bool soft_dirty_tracked(void)
{
	struct range page;
	bool tracked;

	if (map_private(&page, 1))
		return false;
	store(page.addr, 1);
	tracked = pagemap_entry(0, page.addr) & PM_SOFT_DIRTY;
	unmap(&page);
	return tracked;
}

/**
 * uffd_watches_shared - can uffd_watch_writes() be had for shared memory?
 */
bool uffd_watches_shared(void)
{
	struct range page;
	int fd;

	if (map_shared(&page, 1))
		return false;
	fd = uffd_watch_writes(page.addr, page.len);
	if (fd >= 0)
		close(fd);
	unmap(&page);
	return fd >= 0;
}
