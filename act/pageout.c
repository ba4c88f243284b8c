// SPDX-License-Identifier: GPL-2.0
/* Having the kernel reclaim pages of the caller. */
#include <errno.h>
#include <sched.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../observe/pagemap.h"
#include "../observe/patience.h"
#include "pageout.h"

/* Built with less by who has hundreds wait in vain. */
#ifndef PAGEOUT_MS
#define PAGEOUT_MS	2000
#endif

/**
 * pageout - reclaim pages until the caller maps none of them
 * @addr: the first page
 * @pages: how many; nobody else may map them
 *
 * MADV_PAGEOUT passes over what is not on the LRU yet or locked at the moment
 * and returns 0 all the same, so the effect is looked up and the advice given
 * again, for two seconds at most.  Pages that another CPU holds in its batch
 * stay away for long: see pin_to_cpu().
 *
 * Return: 0, -EBUSY where some pages stayed, or -errno of madvise(2).
 */
int pageout(void *addr, size_t pages)
{
	long long deadline = patience_until(PAGEOUT_MS);
	ssize_t present;

	do {
		if (madvise(addr, pages * page_size(), MADV_PAGEOUT))
			return -errno;
		present = pagemap_count(0, addr, pages, PM_PRESENT, PM_PRESENT);
		if (present <= 0)
			return (int)present;
		sched_yield();
	} while (patience_now() < deadline);
	return -EBUSY;
}

/**
 * lru_drain - have the batch of this CPU put on the LRU lists
 *
 * MADV_COLD begins with that, whatever it is asked about.  Only what the same
 * CPU touched is in that batch: see pin_to_cpu().
 *
 * Return: 0 or -errno.
 */
int lru_drain(void)
{
	size_t page = page_size();
	void *any = mmap(NULL, page, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int ret;

	if (any == MAP_FAILED)
		return -errno;
	ret = madvise(any, page, MADV_COLD) ? -errno : 0;
	munmap(any, page);
	return ret;
}

/* As many as any kernel counts. */
#define CPU_SETS	(8192 / CPU_SETSIZE)

/* What whoever started the tests lets them run on: asked before that is narrowed here. */
static const cpu_set_t *allowed(void)
{
	static cpu_set_t set[CPU_SETS];

	if (!CPU_COUNT_S(sizeof(set), set) && sched_getaffinity(0, sizeof(set), set))
		CPU_ZERO_S(sizeof(set), set);
	return set;
}

static int run_on(bool here)
{
	size_t size = CPU_SETS * sizeof(cpu_set_t), cpu = (size_t)sched_getcpu();
	cpu_set_t set[CPU_SETS];

	memcpy(set, allowed(), size);
	CPU_CLR_S(cpu, size, set);
	if (here) {
		CPU_ZERO_S(size, set);
		CPU_SET_S(cpu, size, set);
	}
	return sched_setaffinity(0, size, set) ? -errno : 0;
}

/**
 * cpus_allowed - on how many CPUs may the tests run?
 *
 * Those of the affinity mask that they were started with, whatever else is online.
 */
int cpus_allowed(void)
{
	return CPU_COUNT_S(CPU_SETS * sizeof(cpu_set_t), allowed());
}

/**
 * pin_to_cpu - stay on the CPU at hand
 *
 * Folios reach the LRU through a batch of the CPU that touched them, and
 * MADV_PAGEOUT drains that of its own CPU only.  Children inherit it.
 *
 * Return: 0 or -errno.
 */
int pin_to_cpu(void)
{
	return run_on(true);
}

/**
 * leave_cpu - run on any CPU but the one at hand
 *
 * For a thread that is to work at the same time as the one that started it.
 *
 * Return: 0 or -errno, -EINVAL where no other CPU may be used.
 */
int leave_cpu(void)
{
	return run_on(false);
}
