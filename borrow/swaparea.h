/* SPDX-License-Identifier: GPL-2.0 */
/* A program borrows a swap area here for its length, or shares that of another run. */
#ifndef ANONMEM_BORROW_SWAPAREA_H
#define ANONMEM_BORROW_SWAPAREA_H

#include <stdbool.h>
#include <sys/types.h>

#include "guardian.h"

struct swaparea {
	bool ours;		/* not the machine's own: made by this run or one next to it */
	char path[4096];	/* as /proc/swaps names it; "" when not ours */
	/* private */
	pid_t owner;
	int use;		/* the lock that says this run uses the area */
	long slot;		/* which byte of the file that lock is on */
	struct guardian guardian;
};

int swaparea_acquire(struct swaparea *area);
bool swaparea_is_shared(const struct swaparea *area);
int swaparea_empty(const struct swaparea *area);
int swaparea_release(struct swaparea *area);

#endif /* ANONMEM_BORROW_SWAPAREA_H */
