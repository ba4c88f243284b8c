// SPDX-License-Identifier: GPL-2.0
/*
 * Linked into a program by altered.sh: in each attempt at a case memory is moved, as
 * others would, before the claims are made. What is claimed firmly has to fail all the
 * same. Where nothing can be moved there are no claims.
 */
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "claim/attempt.h"
#include "observe/pagemap.h"
#include "observe/sysmem.h"

#define SOME_PAGES	1024
#define MAX_TRIES	20

bool __real_attempt_next(struct attempt *attempt);
bool __wrap_attempt_next(struct attempt *attempt);

/* Leaves pages with holes between, and has memory compacted. */
static bool compact(void)
{
	int fd = open("/proc/sys/vm/compact_memory", O_WRONLY | O_CLOEXEC);
	size_t page = page_size(), len = SOME_PAGES * page;
	char *addr = mmap(NULL, len, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	bool done;

	for (size_t i = 0; addr != MAP_FAILED && i < SOME_PAGES; i += 2)
		madvise(addr + i * page, page, MADV_DONTNEED);
	done = addr != MAP_FAILED && write(fd, "1", 1) == 1;
	munmap(addr, len);
	close(fd);
	return done;
}

bool __wrap_attempt_next(struct attempt *attempt)
{
	long long moved;

	if (!__real_attempt_next(attempt))
		return false;
	moved = vmstat_event("pgmigrate_success");
	for (int tries = 0; vmstat_event("pgmigrate_success") <= moved; tries++) {
		if (tries == MAX_TRIES || !compact()) {
			fprintf(stderr, "# not disturbed\n");
			attempt_break_off();
		}
	}
	return true;
}
