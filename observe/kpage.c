// SPDX-License-Identifier: GPL-2.0
/* /proc/kpageflags and /proc/kpagecount: what the kernel says of a frame. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "kpage.h"
#include "procfs.h"
#include "words.h"

/* How many of the frames follow one another from the first on. */
static size_t run_of(const uint64_t *pfns, size_t n)
{
	size_t run = 1;

	while (run < n && pfns[run] == pfns[0] + run)
		run++;
	return run;
}

/**
 * kpage_closed - are kpageflags and kpagecount not there, or not for the caller?
 *
 * What opens has to work.  A known defect is left out: on some MIPS machines (loongson64
 * with NUMA) nobody sets max_pfn, up to which these files reach, and they are empty.
 */
bool kpage_closed(void)
{
#ifdef __mips__
	uint64_t first = 0, flags;

	if (kpage_flags(first, &flags) == -ENODATA && kpage_count(first, &flags) == -ENODATA)
		return true;
#endif
	return access("/proc/kpageflags", R_OK) || access("/proc/kpagecount", R_OK);
}

/**
 * kpage_read - what a file has for page frames
 * @path: /proc/kpageflags, kpagecount or kpagecgroup
 * @pfns: the frames
 * @n: how many
 * @values: where to put what it has for each
 *
 * Return: 0, -errno, or -ENODATA where the file has nothing for a frame.
 */
int kpage_read(const char *path, const uint64_t *pfns, size_t n, uint64_t *values)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	int ret = 0;

	if (fd < 0)
		return -errno;
	for (size_t i = 0, run; !ret && i < n; i += run) {
		ssize_t got;

		run = run_of(pfns + i, n - i);
		got = procfs_pread(fd, &values[i], run * sizeof(*values),
				   pfns[i] * sizeof(*values));
		if (got != (ssize_t)(run * sizeof(*values)))
			ret = got < 0 ? (int)got : -ENODATA;
	}
	close(fd);
	return ret;
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
	struct words words = { text, size, ",", 0 };

	text[0] = '\0';
	for (size_t bit = 0; bit < sizeof(flag_name) / sizeof(*flag_name); bit++)
		if (flags >> bit & 1 && flag_name[bit])
			say(&words, "%s", flag_name[bit]);
}
