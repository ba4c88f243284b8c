/* SPDX-License-Identifier: GPL-2.0 */
/* Writing what was observed: as text, as a picture, as JSON. */
#ifndef ANONMEM_SHOW_SHOW_H
#define ANONMEM_SHOW_SHOW_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "../observe/page.h"
#include "../observe/target.h"
#include "../observe/vmalist.h"
#include "../observe/walk.h"
#include "request.h"

struct show;

/* A way to write pages.  All may end the walk with a non-zero result. */
struct format_ops {
	void (*begin)(struct show *show);	/* may be NULL */
	int (*vma)(struct show *show, const struct vma *vma, enum vma_kind kind);
	/* pages that are alike, joined to show->row; or each page, of those that draw */
	int (*row)(struct show *show);
	int (*page)(struct show *show, const struct page *page);
	/* @fate is what became of the process */
	int (*end)(struct show *show, enum target_fate fate);
	int (*one)(struct show *show, const struct vma *vma, const struct page *page,
		   enum target_fate fate);
};

/* What pages came to, in pages. */
struct totals {
	uint64_t state[NR_PAGE_STATES];
	uint64_t all;
	uint64_t rss;		/* as smaps counts them */
	uint64_t anonymous;
	uint64_t swap;
	bool at_least;		/* some pages could not be told */
};

struct show {
	FILE *out;
	const struct request *request;
	struct target *target;
	struct walk *walk;
	bool colour;
	unsigned int columns;
	bool soft_dirty;	/* the kernel keeps track of it */
	int command;		/* of --diff: its exit status as shells have it, or -errno */
	struct totals totals;
	struct vmalist vmas;
	/* private */
	const struct format_ops *ops;
	struct page row;	/* being put together; .pages 0: none */
	uint64_t nr_vmas, nr_rows;
	struct picture {
		char line[512];		/* the number of a look for each page */
		unsigned int width, used;
		uint64_t start;		/* address of the first page of the line */
		bool legend[NR_PAGE_STATES + 1];	/* looks that have been drawn */
	} picture;
};

extern const struct format_ops text_ops, map_ops, json_ops;

void show_init(struct show *show, const struct request *request, struct target *target,
	       struct walk *walk);
int show_pages(struct show *show, const struct walk_range *range);
int show_diff(struct show *show, const struct walk_range *range);
void totals_add(struct totals *totals, const struct page *page);

int written(FILE *out);
void write_escaped(FILE *out, const char *text);
void write_json_string(FILE *out, const char *text);
void write_vma(struct show *show, const struct vma *vma);
int write_rows_end(struct show *show, enum target_fate fate);
void write_json_head(struct show *show);
int write_json_fate(struct show *show, enum target_fate fate);

#endif /* ANONMEM_SHOW_SHOW_H */
