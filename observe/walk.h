/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The pages of a process in the order of their addresses, neighbours of which
 * the same is true at once; in constant memory, with as few system calls as
 * there is to tell.
 */
#ifndef ANONMEM_OBSERVE_WALK_H
#define ANONMEM_OBSERVE_WALK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "backing.h"
#include "frames.h"
#include "page.h"
#include "target.h"

#define WALK_BATCH	FRAMES_BATCH
#define WALK_REGIONS	1024

/* What a walk looks at. */
struct walk_range {
	uint64_t start;
	uint64_t end;		/* exclusive */
	const char *name;	/* only mappings of this name, NULL: all */
};

/* What a walk hands out; what returns non-zero ends it and is its result. */
struct walk_to {
	int (*vma)(void *arg, const struct vma *vma, enum vma_kind kind);	/* or NULL */
	int (*page)(void *arg, const struct page *page);
	void *arg;
};

struct walk {
	struct target *target;
	struct frames frames;
	struct object object;
	bool skipped;		/* a large VMA was not read page by page */
	/* private */
	const struct walk_range *range;
	const struct walk_to *to;
	enum vma_kind kind;
	const struct vma *vma;
	struct page run;	/* not yet handed out; .pages 0: none */
	uint64_t seen;		/* how far this VMA has been handed out */
	uint64_t entries[WALK_BATCH];
	uint64_t flags[WALK_BATCH];
	uint64_t counts[WALK_BATCH];
	bool known[WALK_BATCH];		/* the two are known of this page */
	uint64_t pfns[WALK_BATCH];	/* the frames that are asked about... */
	uint32_t whose[WALK_BATCH];	/* ...of which page */
	uint64_t answers[WALK_BATCH];
	struct page_region regions[WALK_REGIONS];
};

int walk_open(struct walk **walk, struct target *target);
void walk_close(struct walk *walk);
int walk_pages(struct walk *walk, const struct walk_range *range, const struct walk_to *to);
int walk_one(struct walk *walk, const struct vma *vma, uint64_t addr, struct page *page);

#endif /* ANONMEM_OBSERVE_WALK_H */
