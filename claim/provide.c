// SPDX-License-Identifier: GPL-2.0
/* What a program brings along for all of its cases: swap, and file systems. */
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../act/access.h"
#include "../act/pageout.h"
#include "../act/range.h"
#include "../borrow/ownfs.h"
#include "../borrow/swaparea.h"
#include "../observe/sysmem.h"
#include "provide.h"

static pid_t owner;
static struct swaparea area;
static bool swap_works;

static void release_swap(void)
{
	swaparea_release(&area);
}

/*
 * Swap is there when one page of ours went out to it.  The proof is the
 * system's own count, not pagemap, which is what the cases are about.
 */
static bool swap_out_probe_page(void)
{
	struct range page;
	long long before;
	bool went;

	if (map_private(&page, 1))
		return false;
	pattern_fill(page.addr, page.len, 1);
	before = vmstat_swap_outs();
	for (int i = 0; i < 100; i++) {
		if (madvise(page.addr, page.len, MADV_PAGEOUT))
			break;
		if (vmstat_swap_outs() > before)
			break;
	}
	went = vmstat_swap_outs() > before;
	unmap(&page);
	return went;
}

/**
 * provide_swap - see to a swap area for the length of the program
 *
 * To be called once, before any case runs; the area goes when the program
 * ends, however it ends.  See swaparea_acquire().
 */
void provide_swap(void)
{
	pin_to_cpu();
	if (swaparea_acquire(&area))
		return;
	atexit(release_swap);
	swap_works = swap_out_probe_page();
}

/**
 * provided_swap - did a page go out to swap when provide_swap() tried?
 */
bool provided_swap(void)
{
	return swap_works;
}

/**
 * provided_area - the swap area that provide_swap() saw to
 *
 * Return: the area; not ours where the machine has its own or has none.
 */
const struct swaparea *provided_area(void)
{
	return &area;
}

/* Forked test cases may run exit handlers; the file systems are the program's. */
static void remove_filesystems(void)
{
	if (getpid() == owner)
		ownfs_end();
}

/**
 * provide_filesystems - be ready to make file systems when one is needed
 *
 * To be called once, before any case runs; they go when the program ends, however it
 * ends. See ownfs_begin().
 */
void provide_filesystems(void)
{
	owner = getpid();
	if (!ownfs_begin())
		atexit(remove_filesystems);
}
