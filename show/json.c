// SPDX-License-Identifier: GPL-2.0
/* Pages as one JSON document, whatever happens to the process meanwhile. */
#include <inttypes.h>
#include <string.h>

#include "../observe/cgroup.h"
#include "../observe/pageline.h"
#include "show.h"

static const char *boolean(bool value)
{
	return value ? "true" : "false";
}

/**
 * write_json_head - open the document and write what is true of all of it
 * @show: where to
 */
void write_json_head(struct show *show)
{
	fprintf(show->out, "{\n\"findpage\": 1,\n\"pid\": %d,\n\"page_size\": %" PRIu64 ",\n",
		(int)show->target->pid, show->target->page);
	fprintf(show->out, "\"known\": {\"frames\": %s, \"page_flags\": %s, \"soft_dirty\": %s},\n",
		boolean(show->target->shows_frames), boolean(show->walk->frames.readable),
		boolean(show->soft_dirty));
}

/* The members that describe a mapping, without braces. */
static void write_vma_members(struct show *show, const struct vma *vma, enum vma_kind kind)
{
	static const char * const kinds[] = {
		[VMA_ANON] = "anonymous",	[VMA_SHMEM] = "shmem",
		[VMA_FILE] = "file",		[VMA_HUGETLB] = "hugetlb",
		[VMA_SPECIAL] = "special",
	};

	fprintf(show->out, "\"start\": \"0x%" PRIx64 "\", \"end\": \"0x%" PRIx64 "\", ",
		vma->start, vma->end);
	fprintf(show->out, "\"perms\": \"%s\", \"offset\": \"0x%" PRIx64 "\", ", vma->perms,
		vma->offset);
	fprintf(show->out, "\"device\": \"%02x:%02x\", \"inode\": \"%" PRIu64 "\", ", vma->major,
		vma->minor, vma->inode);
	fprintf(show->out, "\"kind\": \"%s\", \"name\": ", kinds[kind]);
	write_json_string(show->out, vma->name);
}

static void write_flag_names(struct show *show, uint64_t flags)
{
	char names[512], *rest = names, *name;

	kpage_flag_names(flags, names, sizeof(names));
	fputs(", \"flags\": [", show->out);
	while ((name = strsep(&rest, ",")) && *name)
		fprintf(show->out, "%s\"%s\"", name == names ? "" : ", ", name);
	fputc(']', show->out);
}

/* What a row and a single page have in common, without braces. */
static void write_page(struct show *show, const struct page *page, uint64_t flags)
{
	bool present = page->entry & PM_PRESENT, noted = page->entry & (PM_PRESENT | PM_SWAP);

	fprintf(show->out, "\"state\": \"%s\", \"present\": %s", page_state_key(page->state),
		boolean(present));
	if (present)
		fprintf(show->out, ", \"exclusive\": %s", boolean(page->entry & PM_EXCLUSIVE));
	if (noted)
		fprintf(show->out, ", \"soft_dirty\": %s, \"uffd_wp\": %s", show->soft_dirty ?
			boolean(page->entry & PM_SOFT_DIRTY) : "null",
			boolean(page->entry & PM_UFFD_WP));
	if (page->have & HAVE_KPAGE) {
		fprintf(show->out, ", \"mapcount\": %" PRIu64, page->count);
		write_flag_names(show, flags);
	} else if (present) {
		fputs(", \"mapcount\": null, \"flags\": null", show->out);
	}
	if (page_has_slot(page) && page->have & HAVE_FRAME)
		fprintf(show->out, ", \"swap_type\": %u", pm_swap_type(page->entry));
	else if (page_has_slot(page))
		fputs(", \"swap_type\": null", show->out);
	if (page->backing != BACKING_NONE) {
		fputs(", \"object\": ", show->out);
		write_json_string(show->out, backing_name(page->backing));
	}
	if (page_doubt(page)) {
		fputs(", \"doubt\": ", show->out);
		write_json_string(show->out, page_doubt(page));
	}
}

/* The document opens with the first mapping: without one there is only an error. */
static void open_document(struct show *show)
{
	write_json_head(show);
	fputs("\"mappings\": [", show->out);
}

static int write_row(struct show *show)
{
	const struct page *row = &show->row;

	fprintf(show->out, "%s\n  {\"start\": \"0x%" PRIx64 "\", \"end\": \"0x%" PRIx64
		"\", \"pages\": %" PRIu64 ", ", show->nr_rows ? "," : "", row->addr,
		row->addr + row->pages * show->target->page, row->pages);
	write_page(show, row, row->flags & PAGE_FLAGS);
	fputc('}', show->out);
	return written(show->out);
}

static int take_vma(struct show *show, const struct vma *vma, enum vma_kind kind)
{
	if (show->nr_vmas == 1)
		open_document(show);
	fputs(show->nr_vmas > 1 ? "]},\n {" : "\n {", show->out);
	write_vma_members(show, vma, kind);
	fputs(", \"pages\": [", show->out);
	show->nr_rows = 0;
	return written(show->out);
}

static int write_change(void *arg, uint64_t start, uint64_t end)
{
	struct show *show = arg;

	fprintf(show->out, "%s{\"start\": \"0x%" PRIx64 "\", \"end\": \"0x%" PRIx64 "\"}",
		show->nr_rows++ ? ", " : "", start, end);
	return 0;
}

static void write_totals(struct show *show)
{
	const struct totals *totals = &show->totals;
	uint64_t page = show->target->page;

	fprintf(show->out, "\"totals\": {\"pages\": %" PRIu64 ", \"states\": {", totals->all);
	for (size_t i = 0; i < NR_PAGE_STATES; i++)
		fprintf(show->out, "%s\"%s\": %" PRIu64, i ? ", " : "",
			page_state_key((enum page_state)i), totals->state[i]);
	fprintf(show->out, "}, \"rss\": %" PRIu64 ", \"anonymous\": %" PRIu64 ", \"swap\": %"
		PRIu64 ", \"exact\": %s},\n", totals->rss * page, totals->anonymous * page,
		totals->swap * page, boolean(!totals->at_least));
}

/**
 * write_json_fate - write what became of the process, and close the document
 * @show: where to
 * @fate: what became of it
 *
 * Return: 0 or -errno.
 */
int write_json_fate(struct show *show, enum target_fate fate)
{
	static const char * const keys[] = {
		[TARGET_THERE] = "there", [TARGET_EXECED] = "execed", [TARGET_GONE] = "gone",
	};

	fprintf(show->out, "\"process\": \"%s\",\n\"complete\": %s\n}\n", keys[fate],
		boolean(fate == TARGET_THERE));
	return written(show->out);
}

static int end(struct show *show, enum target_fate fate)
{
	int ret = 0;

	if (!show->nr_vmas && fate == TARGET_THERE)
		return 0;
	if (!show->nr_vmas)
		open_document(show);
	fputs(show->nr_vmas ? "]}\n],\n" : "],\n", show->out);
	write_totals(show);
	fputs("\"changed\": [", show->out);
	show->nr_rows = 0;
	if (fate == TARGET_THERE)
		ret = vmalist_changed(&show->vmas, show->target->maps, write_change, show);
	fprintf(show->out, "],\n\"skipped\": %s,\n", boolean(show->walk->skipped));
	return write_json_fate(show, fate) ?: ret;
}

static void write_frame(struct show *show, const struct page *page)
{
	char path[4096];
	uint64_t pfn, inode;

	if (!page_frame(page, &pfn)) {
		if (page->entry & PM_PRESENT)
			fputs(", \"pfn\": null", show->out);
		return;
	}
	fprintf(show->out, ", \"pfn\": %" PRIu64, pfn);
	if (kpage_cgroup(pfn, &inode))
		return;
	fprintf(show->out, ", \"cgroup_inode\": \"%" PRIu64 "\", \"cgroup\": ", inode);
	if (inode && !cgroup_path(inode, path, sizeof(path)))
		write_json_string(show->out, path);
	else
		fputs("null", show->out);
}

static void write_why(struct show *show, const struct page *page)
{
	char why[2048], *line = why, *next;

	pagewhy_state(page, &show->walk->object, why, sizeof(why));
	fputs(", \"why\": [", show->out);
	for (; (next = strchr(line, '\n')); line = next) {
		*next++ = '\0';
		fputs(line == why ? "" : ", ", show->out);
		write_json_string(show->out, line);
	}
	fputs("], \"unknown\": [", show->out);
	for (size_t i = 0; pagewhy_unknown(page, i); i++) {
		fputs(i ? ", " : "", show->out);
		write_json_string(show->out, pagewhy_unknown(page, i));
	}
	fputc(']', show->out);
}

static int one(struct show *show, const struct vma *vma, const struct page *page,
	       enum target_fate fate)
{
	write_json_head(show);
	fputs("\"mapping\": {", show->out);
	write_vma_members(show, vma, page->kind);
	fprintf(show->out, "},\n\"page\": {\"address\": \"0x%" PRIx64 "\", \"offset\": \"0x%" PRIx64
		"\", \"entry\": \"0x%" PRIx64 "\", ", page->addr,
		vma->offset + (page->addr - vma->start), page->entry);
	write_page(show, page, page->flags);
	write_frame(show, page);
	if (page_has_slot(page) && page->have & HAVE_FRAME)
		fprintf(show->out, ", \"swap_offset\": %" PRIu64, pm_swap_offset(page->entry));
	write_why(show, page);
	fputs("},\n", show->out);
	return write_json_fate(show, fate);
}

const struct format_ops json_ops = {
	.vma = take_vma, .row = write_row, .end = end, .one = one,
};
