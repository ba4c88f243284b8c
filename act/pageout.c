// SPDX-License-Identifier: GPL-2.0
/* Having the kernel reclaim pages of the caller. */
#include <errno.h>
#include <sched.h>
#include <stdbool.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../observe/pagemap.h"
#include "../observe/patience.h"
#include "pageout.h"

#define PATIENCE_MS	2000

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
 * Return: 0, -EAGAIN where some pages stayed, or -errno of madvise(2).
 */
int pageout(void *addr, size_t pages)
{
	long long deadline = patience_until(PATIENCE_MS);
	ssize_t present;

	do {
		if (madvise(addr, pages * page_size(), MADV_PAGEOUT))
			return -errno;
		present = pagemap_count(0, addr, pages, PM_PRESENT, PM_PRESENT);
		if (present <= 0)
			return (int)present;
		sched_yield();
	} while (patience_now() < deadline);
	return -EAGAIN;
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

static int run_on(bool here)
{
	int cpu = sched_getcpu(), ret;
	long cpus = sysconf(_SC_NPROCESSORS_CONF), nr = cpus > cpu ? cpus : cpu + 1;
	size_t size = CPU_ALLOC_SIZE(nr);
	cpu_set_t *set = CPU_ALLOC(nr);

	if (!set)
		return -ENOMEM;
	CPU_ZERO_S(size, set);
	for (long i = 0; i < nr; i++)
		if (here ? i == cpu : i != cpu)
			CPU_SET_S((size_t)i, size, set);
	ret = sched_setaffinity(0, size, set) ? -errno : 0;
	CPU_FREE(set);
	return ret;
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
