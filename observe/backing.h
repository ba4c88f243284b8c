/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the object behind a mapping has in memory, in swap and nowhere, asked
 * of the object itself: the page tables of who maps it do not tell.
 */
#ifndef ANONMEM_OBSERVE_BACKING_H
#define ANONMEM_OBSERVE_BACKING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "page.h"
#include "target.h"

#define BACKING_WINDOW	4096	/* pages that one mincore() is asked about */

struct object {
	int fd;			/* -1: none, or it cannot be asked */
	enum backing refusal;	/* why it cannot */
	enum vma_kind kind;
	uint64_t size;		/* bytes; the object may grow and shrink */
	bool has_mincore;	/* mincore() tells the truth about it */
	bool has_cachestat;
	/* private */
	uint64_t page;
	uint64_t seen_start, seen_end;	/* the extent that lseek() has shown */
	bool seen_data;
	uint64_t guess;			/* pages that may be alike */
	uint64_t vec_start, vec_end;	/* what the vector is about */
	/* not of one object alone */
	uint64_t *leased;		/* inodes, as of the begin of the look */
	size_t nr_leased;
	bool knows_leases;
	unsigned char vec[BACKING_WINDOW];
};

int backing_open(struct object *object, struct target *target, const struct vma *vma);
void backing_close(struct object *object);
void backing_forget(struct object *object);
enum backing backing_next(struct object *object, uint64_t offset, uint64_t len, uint64_t *same);

#endif /* ANONMEM_OBSERVE_BACKING_H */
