// SPDX-License-Identifier: GPL-2.0
/* Pages as text: rows of what is alike, or everything about one. */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "../observe/cgroup.h"
#include "../observe/pageline.h"
#include "show.h"

/**
 * write_vma - write the line of a mapping, as maps has it
 * @show: where to
 * @vma: the mapping
 */
void write_vma(struct show *show, const struct vma *vma)
{
	fprintf(show->out, "%08" PRIx64 "-%08" PRIx64 " %s %08" PRIx64 " %02x:%02x %" PRIu64
		"%s", vma->start, vma->end, vma->perms, vma->offset, vma->major, vma->minor,
		vma->inode, vma->name[0] ? " " : "");
	write_escaped(show->out, vma->name);
	fputc('\n', show->out);
}

static int write_row(struct show *show)
{
	const struct page *row = &show->row;
	char notes[512];

	pageline_notes(row, notes, sizeof(notes));
	fprintf(show->out, "  %012" PRIx64 "-%012" PRIx64 " %10" PRIu64 "  %-18s%s%s\n", row->addr,
		row->addr + row->pages * show->target->page, row->pages,
		page_state_name(row->state), notes[0] ? "  " : "", notes);
	return written(show->out);
}

static int take_vma(struct show *show, const struct vma *vma, enum vma_kind kind)
{
	(void)kind;
	write_vma(show, vma);
	return written(show->out);
}

static int write_change(void *arg, uint64_t start, uint64_t end)
{
	struct show *show = arg;

	fprintf(show->out, "changed while looking: the mapping %08" PRIx64 "-%08" PRIx64
		" is gone or different by now\n", start, end);
	return 0;
}

static void write_fate(struct show *show, enum target_fate fate)
{
	if (fate != TARGET_THERE)
		fprintf(show->out, "incomplete: process %d has %s meanwhile\n",
			(int)show->target->pid,
			fate == TARGET_GONE ? "exited" : "run another program");
}

static void write_totals(struct show *show)
{
	const struct totals *totals = &show->totals;
	uint64_t page = show->target->page;
	const char *least = totals->at_least ? "at least " : "";
	const char *between = "";

	fprintf(show->out, "total: %" PRIu64 " pages, %" PRIu64 " kB:", totals->all,
		totals->all * (page >> 10));
	for (size_t i = 0; i < NR_PAGE_STATES; i++) {
		if (!totals->state[i])
			continue;
		fprintf(show->out, "%s %" PRIu64 " %s", between, totals->state[i],
			page_state_name((enum page_state)i));
		between = ",";
	}
	fprintf(show->out, "\nas smaps counts: Rss %s%" PRIu64 " kB, Anonymous %s%" PRIu64
		" kB, Swap %s%" PRIu64 " kB\n", least, totals->rss * (page >> 10), least,
		totals->anonymous * (page >> 10), least, totals->swap * (page >> 10));
}

/**
 * write_rows_end - write what follows rows or a picture
 * @show: where to
 * @fate: what became of the process
 *
 * Return: 0 or -errno.
 */
int write_rows_end(struct show *show, enum target_fate fate)
{
	int ret = 0;

	if (show->nr_vmas) {
		if (fate == TARGET_THERE)
			ret = vmalist_changed(&show->vmas, show->target->maps, write_change, show);
		write_totals(show);
		if (!show->target->shows_frames)
			fputs("not known: PFNs and swap slots (CAP_SYS_ADMIN)\n", show->out);
		if (!show->walk->frames.readable)
			fputs("not known: mapcounts and page flags (/proc/kpage*: root)\n",
			      show->out);
		if (show->walk->skipped)
			fputs("not read: large mappings of which smaps has no Rss and no Swap\n",
			      show->out);
	}
	write_fate(show, fate);
	return ret ?: written(show->out);
}

static const char *bit(const struct page *page, uint64_t which)
{
	return page->entry & which ? "yes" : "no";
}

static void write_flags(struct show *show, const struct page *page)
{
	char names[512];

	kpage_flag_names(page->flags, names, sizeof(names));
	fprintf(show->out, "mapcount    %" PRIu64 "%s\n", page->count,
		page->flags & KPF(THP) ? " (a large folio: maybe its average)" : "");
	fprintf(show->out, "flags       %s (0x%" PRIx64 ")\n", names[0] ? names : "none",
		page->flags);
}

static void write_cgroup(struct show *show, uint64_t pfn)
{
	char path[4096];
	uint64_t inode;

	if (kpage_cgroup(pfn, &inode))
		fputs("cgroup      not known: no /proc/kpagecgroup\n", show->out);
	else if (!inode)
		fputs("cgroup      none\n", show->out);
	else if (cgroup_path(inode, path, sizeof(path)))
		fprintf(show->out, "cgroup      inode %" PRIu64 ", which is not mounted\n", inode);
	else
		fprintf(show->out, "cgroup      %s\n", path);
}

static void write_entry(struct show *show, const struct page *page)
{
	uint64_t pfn;

	if (page->have & HAVE_FRAME && page_frame(page, &pfn)) {
		fprintf(show->out, "pfn         0x%" PRIx64 "\n", pfn);
		if (page->have & HAVE_KPAGE) {
			write_flags(show, page);
			write_cgroup(show, pfn);
		}
	}
	if (page->entry & PM_PRESENT)
		fprintf(show->out, "exclusive   %s\n", bit(page, PM_EXCLUSIVE));
	if (page->entry & (PM_PRESENT | PM_SWAP)) {
		fprintf(show->out, "soft-dirty  %s\n", show->soft_dirty ? bit(page, PM_SOFT_DIRTY)
			: "not known: this kernel does not keep track of it");
		fprintf(show->out, "uffd-wp     %s\n", bit(page, PM_UFFD_WP));
	}
	if (page_has_slot(page) && page->have & HAVE_FRAME)
		fprintf(show->out, "swap        type %u, offset 0x%" PRIx64 "\n",
			pm_swap_type(page->entry), pm_swap_offset(page->entry));
	fprintf(show->out, "entry       %#018" PRIx64 "\n", page->entry);
}

static const char *kind_name(enum vma_kind kind)
{
	static const char * const names[] = {
		[VMA_ANON] = "none: anonymous memory",	[VMA_SHMEM] = "shared memory (shmem)",
		[VMA_FILE] = "a file",			[VMA_HUGETLB] = "huge pages (hugetlb)",
		[VMA_SPECIAL] = "none: the kernel's or a device's memory",
	};

	return names[kind];
}

static void write_object(struct show *show, const struct vma *vma, const struct page *page)
{
	const struct object *object = &show->walk->object;

	fprintf(show->out, "object      %s", kind_name(page->kind));
	if (page->kind == VMA_SHMEM || page->kind == VMA_FILE || page->kind == VMA_HUGETLB)
		fprintf(show->out, ", device %02x:%02x, inode %" PRIu64, vma->major, vma->minor,
			vma->inode);
	if (object->fd >= 0)
		fprintf(show->out, ", %" PRIu64 " bytes", object->size);
	if (page->backing != BACKING_NONE)
		fprintf(show->out, "; for this page: %s", backing_name(page->backing));
	fputc('\n', show->out);
}

static int one(struct show *show, const struct vma *vma, const struct page *page,
	       enum target_fate fate)
{
	char why[2048], *line = why, *next;

	fprintf(show->out, "address     0x%" PRIx64 " (page 0x%" PRIx64 ", %" PRIu64 " bytes)\n",
		show->request->start, page->addr, show->target->page);
	fputs("mapping     ", show->out);
	write_vma(show, vma);
	fprintf(show->out, "offset      0x%" PRIx64 " (page %" PRIu64 " of %" PRIu64
		" in the mapping)\n", vma->offset + (page->addr - vma->start),
		(page->addr - vma->start) / show->target->page + 1,
		(vma->end - vma->start) / show->target->page);
	fprintf(show->out, "state       %s\n", page_state_name(page->state));
	write_entry(show, page);
	write_object(show, vma, page);
	pagewhy_state(page, &show->walk->object, why, sizeof(why));
	for (; (next = strchr(line, '\n')); line = next) {
		*next++ = '\0';
		fprintf(show->out, "%-12s%s\n", line == why ? "why" : "", line);
	}
	for (size_t i = 0; pagewhy_unknown(page, i); i++)
		fprintf(show->out, "%-12s%s\n", i ? "" : "unknown", pagewhy_unknown(page, i));
	write_fate(show, fate);
	return written(show->out);
}

const struct format_ops text_ops = {
	.vma = take_vma, .row = write_row, .end = write_rows_end, .one = one,
};
