// SPDX-License-Identifier: GPL-2.0
/* What a program brings along for all of its cases: swap, and file systems. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/sysinfo.h>
#include <unistd.h>

#include "../act/access.h"
#include "../act/pageout.h"
#include "../act/range.h"
#include "../borrow/ownfs.h"
#include "../borrow/swaparea.h"
#include "../observe/cgroup.h"
#include "../observe/pagemap.h"
#include "../observe/sysmem.h"
#include "attempt.h"
#include "provide.h"

/* Of swap: what other runs beside take, too, and what cases take that take most. */
#define ROOM_BYTES	(16LL << 20)
#define ROOM_PAGES	896LL

static pid_t owner;
static struct swaparea area;
static bool swap_asked, filesystems_asked;
static bool swap_usable;

/* A case whose main() forgot something must not pass for one that the machine cannot run. */
static void demand(bool asked, const char *function)
{
	if (asked)
		return;
	fprintf(stderr, "# main() has to call %s() for this case\n", function);
	attempt_is_firm();
	abort();
}

static void release_swap(void)
{
	swaparea_release(&area);
}

/* By the system's own count, which others move too, and because it is no longer there. */
static bool swap_out_probe_page(void)
{
	struct range page;
	long long before;
	bool went = false;

	if (map_private(&page, 1))
		return false;
	pattern_fill(page.addr, page.len, 1);
	before = vmstat_swap_outs();
	for (int i = 0; !went && i < 100; i++) {
		if (madvise(page.addr, page.len, MADV_PAGEOUT))
			break;
		went = vmstat_swap_outs() > before &&
		       !(pagemap_entry(0, page.addr) & PM_PRESENT);
	}
	unmap(&page);
	return went;
}

static long long swap_free(void)
{
	struct sysinfo info;

	return sysinfo(&info) ? 0 : (long long)info.freeswap * info.mem_unit;
}

/*
 * With an area, room in it, and cgroups that let the caller have that, memory has
 * to go out: where it does not, cases fail.  Only where a limit may be hidden is
 * it tried.
 */
static bool can_swap(void)
{
	long long pages = ROOM_PAGES * (long long)page_size();
	long long room = pages > ROOM_BYTES ? pages : ROOM_BYTES;
	int let = cgroup_lets_swap(room);

	if (!advice_known(MADV_PAGEOUT) || swap_free() < room)
		return false;
	return let < 0 ? swap_out_probe_page() : let;
}

/**
 * provide_swap_and_stay - see to a swap area, and stay on the CPU at hand
 *
 * To be called once, before any case runs; the area goes when the program
 * ends, however it ends.  See swaparea_acquire().  All cases run on this CPU, as
 * what another one touched last may not leave, see pin_to_cpu(): those that want
 * two have to leave_cpu().
 */
void provide_swap_and_stay(void)
{
	swap_asked = true;
	pin_to_cpu();
	if (swaparea_acquire(&area))
		return;
	atexit(release_swap);
	swap_usable = can_swap();
}

/**
 * provided_swap - is there swap that the cases may use?
 *
 * It takes that main() has seen to it.
 */
bool provided_swap(void)
{
	demand(swap_asked, "provide_swap_and_stay");
	return swap_usable;
}

/**
 * provided_area - the swap area that provide_swap_and_stay() saw to
 *
 * Return: the area; not ours where the machine has its own or has none.
 */
const struct swaparea *provided_area(void)
{
	demand(swap_asked, "provide_swap_and_stay");
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
	filesystems_asked = true;
	owner = getpid();
	if (!ownfs_begin())
		atexit(remove_filesystems);
}

/**
 * provided_filesystem - can there be a file system of a kind?
 * @kind: which
 *
 * It takes that main() has been ready for it.
 */
bool provided_filesystem(enum ownfs_kind kind)
{
	demand(filesystems_asked, "provide_filesystems");
	return ownfs_is_there(kind);
}
