// SPDX-License-Identifier: GPL-2.0
/*
 * disturb DIR: keep what takes, moves and merges memory busy, as neighbours would.
 *
 * One process a kind, each with pages of its own: a file in DIR and memory that a
 * cgroup has to give back again and again; a huge page that is split and collapsed
 * in turn; pages for ksmd that become equal and unequal.  Compaction, and now and
 * then drop_caches, do not ask whose pages they take.  All are nice, for what it is
 * about is that the counters move all the time, not that nobody else gets on.
 *
 * Ends once all have done their part once; they go on until they are killed.
 * Needs root, and memory in the cgroup.subtree_control of the root of cgroup v2.
 */
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#ifndef MADV_COLD
#define MADV_COLD	20
#endif
#ifndef MADV_COLLAPSE
#define MADV_COLLAPSE	25
#endif

#define PAGE		4096UL
#define HUGE		(2UL << 20)
#define PAGES		64
#define LEN		(PAGES * PAGE)
#define ROUNDS_A_DROP	200
#define PAUSE_NS	2000000

#define CGROUP		"/sys/fs/cgroup/disturb"
#define KSM		"/sys/kernel/mm/ksm/"

static void put(const char *path, const char *value)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, value, strlen(value)) < 0)
		err(2, "%s", path);
	close(fd);
}

static char *map(size_t len, int advice)
{
	char *addr = mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (addr == MAP_FAILED || (advice && madvise(addr, len, advice)))
		err(2, "a mapping");
	return addr;
}

/* What is full of one byte is equal to its like. */
static void fill(char *addr, size_t pages, int first, int step)
{
	for (size_t i = 0; i < pages; i++)
		memset(addr + i * PAGE, first + (int)i * step, PAGE);
}

/* The cgroup gives back what it was charged with just before. */
static void reclaim(const char *dir, unsigned int round)
{
	static char buffer[LEN];
	static int file, reclaim;
	static char *memory;
	ssize_t given __attribute__((unused));
	char path[4096];

	if (!round) {
		mkdir(CGROUP, 0755);
		put(CGROUP "/cgroup.procs", "0");
		reclaim = open(CGROUP "/memory.reclaim", O_WRONLY | O_CLOEXEC);
		snprintf(path, sizeof(path), "%s/disturb", dir);
		file = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
		if (write(file, buffer, LEN) != (ssize_t)LEN || fsync(file) || reclaim < 0)
			err(2, "%s or " CGROUP "/memory.reclaim", path);
		unlink(path);
		memory = map(LEN, 0);
	}
	if (pread(file, buffer, LEN, 0) != (ssize_t)LEN)
		err(2, "reading a file");
	fill(memory, PAGES, 1, 1);
	/* EAGAIN where that is more than goes: without swap the file is all that does. */
	given = write(reclaim, "512K", 4);
}

static void split_and_collapse(const char *dir __attribute__((unused)), unsigned int round)
{
	static char *huge;

	if (!round) {
		huge = map(2 * HUGE, MADV_HUGEPAGE);
		huge += -(unsigned long)huge % HUGE;
		memset(huge, 1, HUGE);
	}
	/* Advice for a part of it splits it. */
	if (madvise(huge + PAGE, PAGE, MADV_COLD))
		err(2, "MADV_COLD");
	/* Fails where a page is busy at this moment. */
	madvise(huge, HUGE, MADV_COLLAPSE);
}

/* The first half stays what the second becomes equal to. */
static void merge(const char *dir __attribute__((unused)), unsigned int round)
{
	static char *pages;

	if (!round) {
		put(KSM "smart_scan", "0");
		put(KSM "pages_to_scan", "1000");
		put(KSM "sleep_millisecs", "1");
		pages = map(LEN, MADV_MERGEABLE);
		fill(pages, PAGES / 2, 'k', 0);
	}
	fill(pages + LEN / 2, PAGES / 2, round % 2 ? 'k' : 1, !(round % 2));
}

/* Leaves it holes to move pages into, and pages to move. */
static void compact(const char *dir __attribute__((unused)),
		    unsigned int round __attribute__((unused)))
{
	char *holes = map(2 * LEN, 0);

	fill(holes, 2UL * PAGES, 1, 1);
	for (size_t i = 0; i < 2UL * PAGES; i += 2)
		madvise(holes + i * PAGE, PAGE, MADV_DONTNEED);
	put("/proc/sys/vm/compact_memory", "1");
	munmap(holes, 2 * LEN);
}

static void drop(const char *dir __attribute__((unused)), unsigned int round)
{
	if (!(round % ROUNDS_A_DROP))
		put("/proc/sys/vm/drop_caches", "1");
}

static void (*const kinds[])(const char *dir, unsigned int round) = {
	reclaim, split_and_collapse, merge, compact, drop,
};

#define NR_KINDS	(sizeof(kinds) / sizeof(*kinds))

int main(int argc, char **argv)
{
	int ready[2];
	char byte;

	if (argc != 2) {
		fprintf(stderr, "usage: disturb DIR\n");
		return 2;
	}
	if (pipe(ready) || nice(10) < 0)
		err(2, "pipe or nice");
	for (size_t i = 0; i < NR_KINDS; i++) {
		if (fork())
			continue;
		for (unsigned int round = 0;; round++) {
			kinds[i](argv[1], round);
			if (!round && write(ready[1], "", 1) == 1)
				close(ready[1]);
			nanosleep(&(struct timespec){ .tv_nsec = PAUSE_NS }, NULL);
		}
	}
	close(ready[1]);
	for (size_t i = 0; i < NR_KINDS; i++)
		if (read(ready[0], &byte, 1) != 1)
			return 2;
	return 0;
}
