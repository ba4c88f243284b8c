// SPDX-License-Identifier: GPL-2.0
/* /proc/kpageflags and /proc/kpagecount: what the kernel says of a frame. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "kpage.h"

/* How many of the frames follow one another from the first on. */
static size_t run_of(const uint64_t *pfns, size_t n)
{
	size_t run = 1;

	while (run < n && pfns[run] == pfns[0] + run)
		run++;
	return run;
}

static int read_frames(const char *path, const uint64_t *pfns, size_t n, uint64_t *values)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	int ret = 0;

	if (fd < 0)
		return -errno;
	for (size_t i = 0, run; !ret && i < n; i += run) {
		size_t len;
		ssize_t got;

		run = run_of(pfns + i, n - i);
		len = run * sizeof(*values);
		got = pread(fd, &values[i], len, (off_t)(pfns[i] * sizeof(*values)));
		if (got != (ssize_t)len)
			ret = got < 0 ? -errno : -ENODATA;
	}
	close(fd);
	return ret;
}

/**
 * kpage_flags_of - the flags of page frames
 * @pfns: the frames
 * @n: how many
 * @flags: where to put those of each, bits KPF_*
 *
 * See admin-guide/mm/pagemap.rst and linux/kernel-page-flags.h.
 *
 * Return: 0, -errno, or -ENODATA where the file has nothing for a frame.
 */
int kpage_flags_of(const uint64_t *pfns, size_t n, uint64_t *flags)
{
	return read_frames("/proc/kpageflags", pfns, n, flags);
}

/**
 * kpage_counts_of - how often page frames are mapped
 * @pfns: the frames
 * @n: how many
 * @counts: where to put the number of page table entries that map each; for a
 *	page of a large folio newer kernels give the folio's average
 *
 * Return: 0, -errno, or -ENODATA where the file has nothing for a frame.
 */
int kpage_counts_of(const uint64_t *pfns, size_t n, uint64_t *counts)
{
	return read_frames("/proc/kpagecount", pfns, n, counts);
}

/**
 * kpage_cgroup - the memory cgroup that a page frame is charged to
 * @pfn: the frame
 * @inode: where to put the cgroup directory's inode number, 0 for none
 *
 * Return: 0, -errno, or -ENODATA where the file has nothing for this frame.
 */
int kpage_cgroup(uint64_t pfn, uint64_t *inode)
{
	return read_frames("/proc/kpagecgroup", &pfn, 1, inode);
}

static const char * const flag_name[] = {
	[KPF_LOCKED] = "locked",	[KPF_ERROR] = "error",
	[KPF_REFERENCED] = "referenced", [KPF_UPTODATE] = "uptodate",
	[KPF_DIRTY] = "dirty",		[KPF_LRU] = "lru",
	[KPF_ACTIVE] = "active",	[KPF_SLAB] = "slab",
	[KPF_WRITEBACK] = "writeback",	[KPF_RECLAIM] = "reclaim",
	[KPF_BUDDY] = "buddy",		[KPF_MMAP] = "mmap",
	[KPF_ANON] = "anon",		[KPF_SWAPCACHE] = "swapcache",
	[KPF_SWAPBACKED] = "swapbacked", [KPF_COMPOUND_HEAD] = "head",
	[KPF_COMPOUND_TAIL] = "tail",	[KPF_HUGE] = "hugetlb",
	[KPF_UNEVICTABLE] = "unevictable", [KPF_HWPOISON] = "hwpoison",
	[KPF_NOPAGE] = "nopage",	[KPF_KSM] = "ksm",
	[KPF_THP] = "thp",		[KPF_OFFLINE] = "offline",
	[KPF_ZERO_PAGE] = "zero",	[KPF_IDLE] = "idle",
	[KPF_PGTABLE] = "pgtable",
};

/**
 * kpage_flag_names - write page flags as words
 * @flags: bits KPF_*
 * @text: where to put the words, comma-separated, cut to fit
 * @size: of @text in bytes
 */
void kpage_flag_names(uint64_t flags, char *text, size_t size)
{
	size_t used = 0;

	if (size)
		text[0] = '\0';
	for (size_t bit = 0; bit < sizeof(flag_name) / sizeof(*flag_name); bit++) {
		if (!(flags >> bit & 1) || !flag_name[bit] || used >= size)
			continue;
		used += (size_t)snprintf(text + used, size - used, "%s%s",
					 used ? "," : "", flag_name[bit]);
	}
}
