// SPDX-License-Identifier: GPL-2.0
/* /proc/PID/smaps, summed over an address range, and smaps_rollup. */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "maps.h"
#include "procfs.h"
#include "smaps.h"
#include "words.h"

static const struct {
	const char *name;
	size_t at;
} amounts[] = {
#define AMOUNT_LINE(member, line) { line, offsetof(struct smaps, member) },
#define LATER_LINE(member, line) AMOUNT_LINE(later.member, line)
	SMAPS_AMOUNTS(AMOUNT_LINE)
	SMAPS_LATER_AMOUNTS(LATER_LINE)
};

#define NR_AMOUNTS (sizeof(amounts) / sizeof(*amounts))
#define ONE_MORE(member, line)	+ 1
#define NR_EVERYWHERE		(0 SMAPS_AMOUNTS(ONE_MORE))

static size_t *amount(struct smaps *sum, size_t i)
{
	return (size_t *)((char *)sum + amounts[i].at);
}

/* What is being summed, line by line. */
struct summing {
	uintptr_t lo, hi;	/* the range */
	struct smaps *sum;
	bool inside;		/* the line's VMA is in the range */
	uint32_t lines;		/* a bit for each amount that was told of */
};

/* "Name:   123 kB"; the whole name decides, as many begin alike. */
static void parse_amount(const char *line, struct summing *summing)
{
	const char *colon = strchr(line, ':');
	size_t len = colon ? (size_t)(colon - line) : 0;

	for (size_t i = 0; colon && i < NR_AMOUNTS; i++) {
		if (strlen(amounts[i].name) == len && !memcmp(line, amounts[i].name, len)) {
			*amount(summing->sum, i) += strtoul(colon + 1, NULL, 10) << 10;
			summing->lines |= 1U << i;
			return;
		}
	}
}

/* What the first VMA says and a sum cannot: the line that maps has too... */
static void take_header(const struct vma *vma, struct smaps *sum)
{
	memcpy(sum->perms, vma->perms, sizeof(sum->perms));
	sum->offset = vma->offset;
	sum->major = vma->major;
	sum->minor = vma->minor;
	sum->inode = vma->inode;
	snprintf(sum->name, sizeof(sum->name), "%s", vma->name);
}

/* ...and others. */
static void parse_first(const char *line, struct smaps *sum)
{
	if (!strncmp(line, "VmFlags: ", 9))
		snprintf(sum->flags, sizeof(sum->flags), " %s", line + 9);
	else if (!strncmp(line, "KernelPageSize:", 15))
		sum->kernel_page_size = strtoul(line + 15, NULL, 10) << 10;
	else if (!strncmp(line, "MMUPageSize:", 12))
		sum->mmu_page_size = strtoul(line + 12, NULL, 10) << 10;
}

/* Returns 0, 1 when nothing that follows can be in the range, or -ERANGE. */
static int sum_line(struct summing *summing, const char *line)
{
	struct smaps *sum = summing->sum;
	struct vma vma;

	/* The others begin with a capital. */
	if (!maps_parse(line, &vma)) {
		summing->inside = vma.start < summing->hi && vma.end > summing->lo;
		if (vma.start >= summing->hi)
			return 1;
		if (summing->inside && (vma.start < summing->lo || vma.end > summing->hi))
			return -ERANGE;
		if (summing->inside && !sum->vmas++)
			take_header(&vma, sum);
	} else if (summing->inside) {
		parse_amount(line, summing);
		if (sum->vmas == 1)
			parse_first(line, sum);
	}
	return 0;
}

/* Has the kernel all lines that it has to have?  Of others none is a sum of nothing. */
static int check_lines(const struct summing *summing, size_t first)
{
	size_t i;

	for (i = first; i < NR_EVERYWHERE; i++)
		if (summing->sum->vmas && !(summing->lines & 1U << i))
			return -ENODATA;
	for (; i < NR_AMOUNTS; i++)
		if (!(summing->lines & 1U << i))
			*amount(summing->sum, i) = SMAPS_UNTOLD;
	return 0;
}

/* @first: of the amounts, where not all are in the file. */
static int sum_file(pid_t pid, const char *name, struct summing *summing, size_t first)
{
	struct procfs_lines lines = { .fd = procfs_open(pid, name, O_RDONLY) };
	bool empty = true;
	char *line;
	int ret = 0;

	if (lines.fd < 0)
		return lines.fd;
	memset(summing->sum, 0, sizeof(*summing->sum));
	while (!ret && (line = procfs_next_line(&lines))) {
		ret = sum_line(summing, line);
		empty = false;
	}
	close(lines.fd);
	return ret < 0 ? ret : lines.err ?: empty ? -ENODATA : check_lines(summing, first);
}

/**
 * smaps_range - sum what smaps says of the VMAs in an address range
 * @pid: the process, 0 for the caller
 * @start: where the range starts
 * @len: its length in bytes
 * @sum: where to put the sums; all zero where nothing is mapped
 *
 * VMAs split and merge at the kernel's pleasure, so a mapping may be several.
 * What is above the range is not read: for each VMA the kernel walks page
 * tables.  See filesystems/proc.rst and proc(5).
 *
 * Return: 0; -ERANGE where a VMA reaches out of the range: its numbers could not
 * be told from those of the neighbour; -ENODATA where nothing is in the file, or
 * not all that every kernel tells; or another -errno.
 */
int smaps_range(pid_t pid, const void *start, size_t len, struct smaps *sum)
{
	struct summing summing = { (uintptr_t)start, (uintptr_t)start + len, sum, false, 0 };
	int ret = sum_file(pid, "smaps", &summing, 0);

	return ret ?: sum->vmas && !sum->flags[0] ? -ENODATA : 0;
}

/**
 * smaps_rollup - what smaps_rollup says of a whole process
 * @pid: the process, 0 for the caller
 * @sum: where to put the sums
 *
 * Return: as smaps_range().
 */
int smaps_rollup(pid_t pid, struct smaps *sum)
{
	struct summing all = { 0, UINTPTR_MAX, sum, false, 0 };

	return sum_file(pid, "smaps_rollup", &all, 1);
}

/**
 * smaps_amount_at - one amount of what smaps says of a range
 * @pid: the process, 0 for the caller
 * @start: where the range begins
 * @len: its length in bytes
 * @offset: of the amount in struct smaps, see smaps_amount()
 *
 * Return: the amount in bytes, or SIZE_MAX where smaps cannot be read.
 */
size_t smaps_amount_at(pid_t pid, const void *start, size_t len, size_t offset)
{
	struct smaps sum;

	if (smaps_range(pid, start, len, &sum))
		return SIZE_MAX;
	return *(size_t *)((char *)&sum + offset);
}

struct naming {
	const char *name;
	uintptr_t lo, hi;
};

static int find_named(void *arg, const struct vma *vma)
{
	struct naming *found = arg;

	if (!strcmp(vma->name, found->name)) {
		found->lo = found->hi ? found->lo : (uintptr_t)vma->start;
		found->hi = (uintptr_t)vma->end;
	}
	return 0;
}

/**
 * smaps_named - sum what smaps says of the caller's VMAs of a name
 * @name: as maps shows it, e.g. "[heap]"
 * @sum: where to put the sums
 *
 * For what has no fixed bounds.  The heap of a forked process is often several
 * VMAs, side by side.
 *
 * Return: 0, -ENOENT where no VMA has this name, or -errno.
 */
int smaps_named(const char *name, struct smaps *sum)
{
	struct naming found = { .name = name };
	int fd = procfs_open(0, "maps", O_RDONLY), ret = fd;

	if (fd >= 0) {
		ret = maps_each(fd, find_named, &found);
		close(fd);
	}
	if (ret)
		return ret;
	return found.hi ? smaps_range(0, (void *)found.lo, found.hi - found.lo, sum) : -ENOENT;
}

/**
 * smaps_has_flag - does the first VMA carry a flag?
 * @sum: as smaps_range() filled it
 * @flag: two letters of VmFlags, see filesystems/proc.rst
 */
bool smaps_has_flag(const struct smaps *sum, const char *flag)
{
	const char *at = sum->flags;

	while ((at = strstr(at, flag))) {
		if (at > sum->flags && at[-1] == ' ' && (at[2] == ' ' || !at[2]))
			return true;
		at++;
	}
	return false;
}

/**
 * smaps_format - write the amounts that are not zero on one line
 * @sum: as smaps_range() filled it
 * @text: where to put the line, cut to fit, no newline
 * @size: of @text in bytes
 */
void smaps_format(const struct smaps *sum, char *text, size_t size)
{
	struct words words = { text, size, " ", 0 };

	say(&words, "%zu VMAs %s %s:", sum->vmas, sum->perms,
	    sum->name[0] ? sum->name : "(no name)");
	for (size_t i = 0; i < NR_AMOUNTS; i++) {
		size_t bytes = *amount((struct smaps *)sum, i);

		if (bytes && bytes != SMAPS_UNTOLD)
			say(&words, "%s %zu kB", amounts[i].name, bytes >> 10);
	}
}
