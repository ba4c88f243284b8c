// SPDX-License-Identifier: GPL-2.0
/* /proc/PID/pagemap: one 64-bit entry a page, and the PAGEMAP_SCAN ioctl. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/ioctl.h>

#include "pagemap.h"
#include "procfs.h"

/**
 * pagemap_read - read the entries of consecutive pages
 * @pid: the process, 0 for the caller
 * @start: address of the first page
 * @pages: how many
 * @entries: room for @pages entries
 *
 * Return: 0, -errno of the open or read, or -ERANGE past the end of the
 * address space.
 */
int pagemap_read(pid_t pid, const void *start, size_t pages, uint64_t *entries)
{
	uint64_t at = (uintptr_t)start / page_size() * sizeof(*entries);
	int fd = procfs_open(pid, "pagemap", O_RDONLY);
	ssize_t got;

	if (fd < 0)
		return fd;
	got = procfs_pread(fd, entries, pages * sizeof(*entries), at);
	close(fd);
	return got < 0 ? (int)got : (size_t)got < pages * sizeof(*entries) ? -ERANGE : 0;
}

/**
 * pagemap_entry - the entry of one page
 * @pid: the process, 0 for the caller
 * @addr: any address in the page
 *
 * Return: the entry, or all ones where it cannot be read: no valid entry is
 * at once present and swapped, so a caller that forgets to look claims wrong
 * things about it rather than vacuous ones.
 */
uint64_t pagemap_entry(pid_t pid, const void *addr)
{
	uint64_t entry;

	return pagemap_read(pid, addr, 1, &entry) ? ~0ULL : entry;
}

/* Counts as pagemap_count() does; without @bits, those in the frame after the last one's. */
static ssize_t count(pid_t pid, const void *start, size_t pages, uint64_t mask,
		     const uint64_t *bits)
{
	uint64_t *entries = calloc(pages, sizeof(*entries));
	int err = entries ? pagemap_read(pid, start, pages, entries) : -ENOMEM;
	ssize_t same = 0;

	for (size_t i = 0; !err && i < pages; i++) {
		uint64_t row = (entries[0] & mask) + (entries[0] & mask ? i : 0);

		same += (entries[i] & mask) == (bits ? *bits : row);
	}
	free(entries);
	return err ?: same;
}

/**
 * pagemap_count - count the pages whose entries have given bits
 * @pid: the process, 0 for the caller
 * @start: address of the first page
 * @pages: how many to look at
 * @mask: the bits that matter
 * @bits: what they must be
 *
 * Return: the number of pages, or -errno as pagemap_read().
 */
ssize_t pagemap_count(pid_t pid, const void *start, size_t pages, uint64_t mask,
		      uint64_t bits)
{
	return count(pid, start, pages, mask, &bits);
}

/**
 * pagemap_out_of_row - count the pages that are not in the frame after the last one's
 * @pid: the process, 0 for the caller
 * @start: address of the first page
 * @pages: how many to look at, of what should be one folio
 *
 * Frames that are hidden count as what they could be.
 *
 * Return: the number of pages, or -errno as pagemap_read().
 */
ssize_t pagemap_out_of_row(pid_t pid, const void *start, size_t pages)
{
	ssize_t in_row = count(pid, start, pages, pm_pfn(~0ULL), NULL);

	return in_row < 0 ? in_row : (ssize_t)pages - in_row;
}

/**
 * pagemap_scan - ask PAGEMAP_SCAN about consecutive pages
 * @pid: the process, 0 for the caller
 * @start: address of the first page
 * @pages: how many
 * @anyof: report pages with at least one of these PAGE_IS_* categories
 * @regions: room for the regions found, with all categories of each
 * @max: how many fit
 *
 * Return: the number of regions, -ENOTTY where the kernel has no such ioctl
 * (before 6.7), -ENOSPC where @max were not enough, or another -errno.
 */
ssize_t pagemap_scan(pid_t pid, const void *start, size_t pages, uint64_t anyof,
		     struct page_region *regions, size_t max)
{
	struct pm_scan_arg arg = {
		.size = sizeof(arg),
		.start = (uintptr_t)start,
		.end = (uintptr_t)start + pages * page_size(),
		.vec = (uintptr_t)regions,
		.vec_len = max,
		.category_anyof_mask = anyof,
		.return_mask = PAGE_IS_FILE | PAGE_IS_PRESENT | PAGE_IS_SWAPPED |
			       PAGE_IS_PFNZERO | PAGE_IS_HUGE,
	};
	ssize_t ret = pagemap_scan_with(pid, &arg);

	/* With room left it cannot have stopped, whatever walk_end says: see scan_range(). */
	return ret >= 0 && (size_t)ret == max && arg.walk_end != arg.end ? -ENOSPC : ret;
}

/**
 * pagemap_scan_with - PAGEMAP_SCAN with everything up to the caller
 * @pid: the process, 0 for the caller
 * @arg: as the kernel takes it, size included; it fills in walk_end
 *
 * Return: the number of regions, or -errno.
 */
ssize_t pagemap_scan_with(pid_t pid, struct pm_scan_arg *arg)
{
	int fd = procfs_open(pid, "pagemap", O_RDONLY);
	ssize_t ret;

	if (fd < 0)
		return fd;
	ret = ioctl(fd, PAGEMAP_SCAN, arg);
	if (ret < 0)
		ret = -errno;
	close(fd);
	return ret;
}

/**
 * pagemap_scan_supported - does the kernel have PAGEMAP_SCAN?
 *
 * Return: false only where the ioctl is unknown; a scan that fails in another
 * way is a matter for who scans.
 */
bool pagemap_scan_supported(void)
{
	struct page_region region;

	return pagemap_scan(0, (void *)page_size(), 1, PAGE_IS_PRESENT, &region, 1) != -ENOTTY;
}
