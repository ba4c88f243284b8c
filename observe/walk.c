// SPDX-License-Identifier: GPL-2.0
/* The pages of a process in the order of their addresses. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#include "smaps.h"
#include "walk.h"

/* Reading on over so many empty pages costs less than another pread(). */
#define GAP		64
/* Without PAGEMAP_SCAN a VMA of so many pages is not read where smaps has nothing. */
#define LARGE		(1ULL << 24)
#define TRIES		16

/**
 * walk_open - get ready to walk
 * @walk: where to put what walk_close() frees
 * @target: the process
 *
 * Return: 0 or -ENOMEM.
 */
int walk_open(struct walk **walk, struct target *target)
{
	*walk = calloc(1, sizeof(**walk));
	if (!*walk)
		return -ENOMEM;
	(*walk)->target = target;
	(*walk)->object.fd = -1;
	frames_open(&(*walk)->frames);
	return 0;
}

/**
 * walk_close - free what walk_open() allocated
 * @walk: it
 */
void walk_close(struct walk *walk)
{
	backing_forget(&walk->object);
	frames_close(&walk->frames);
	free(walk);
}

static int hand_out_run(struct walk *walk)
{
	int ret = 0;

	if (walk->run.pages)
		ret = walk->to->page(walk->to->arg, &walk->run);
	walk->run.pages = 0;
	return ret;
}

/*
 * All that is handed out comes by here, each page once and in order: who has nothing
 * to hand out where it is, or has it again, would go on for ever.
 */
static int take(struct walk *walk, const struct page *page)
{
	uint64_t most = (walk->vma->end - walk->seen) / walk->target->page;
	struct page *run = &walk->run;
	int ret;

	if (page->addr != walk->seen || !page->pages || page->pages > most)
		return -EPROTO;
	walk->seen += page->pages * walk->target->page;
	if (run->pages && page_follows(run, page)) {
		run->pages += page->pages;
		return 0;
	}
	ret = hand_out_run(walk);
	*run = *page;
	return ret;
}

static struct page page_at(const struct walk *walk, uint64_t addr, uint64_t entry)
{
	return (struct page){
		.addr = addr,
		.pages = 1,
		.entry = entry,
		.have = walk->target->shows_frames ? HAVE_FRAME : 0,
		.kind = walk->kind,
		.shared = vma_is_shared(walk->vma),
	};
}

/* Where the page table has nothing the object has the word. */
static int take_absent(struct walk *walk, struct page *page, uint64_t pages)
{
	uint64_t end = page->addr + pages * walk->target->page;
	const struct vma *vma = walk->vma;
	int ret = 0;

	for (; !ret && page->addr < end; page->addr = walk->seen) {
		uint64_t same = end - page->addr;

		if (page_needs_backing(page))
			page->backing = backing_next(&walk->object,
						     vma->offset + (page->addr - vma->start),
						     same, &same);
		page->pages = same / walk->target->page;
		page_classify(page);
		ret = take(walk, page);
	}
	return ret;
}

/* A hole of the page tables that was not read but known. */
static int take_hole(struct walk *walk, uint64_t start, uint64_t end)
{
	struct page page = page_at(walk, start, 0);

	page.have = 0;
	return start < end ? take_absent(walk, &page, (end - start) / walk->target->page) : 0;
}

static void ask_frame(struct walk *walk, struct page *page)
{
	uint64_t pfn;

	page->flags = 0;
	page->count = 0;
	page->have &= ~HAVE_KPAGE;
	if (walk->frames.readable && page_frame(page, &pfn) &&
	    !frames_ask(&walk->frames, FRAMES_FLAGS, &pfn, 1, &page->flags) &&
	    !frames_ask(&walk->frames, FRAMES_COUNTS, &pfn, 1, &page->count))
		page->have |= HAVE_KPAGE;
}

/* Is the zero page mapped here, says PAGEMAP_SCAN, which hides nothing? */
static void ask_zero(const struct walk *walk, struct page *page)
{
	struct page_region region;
	struct pm_scan_arg arg = {
		.size = sizeof(arg),
		.start = page->addr,
		.end = page->addr + walk->target->page,
		.vec = (uintptr_t)&region,
		.vec_len = 1,
		.category_mask = PAGE_IS_PRESENT,
		.return_mask = PAGE_IS_PFNZERO,
	};

	if (!walk->target->scans || ioctl(walk->target->pagemap, PAGEMAP_SCAN, &arg) != 1)
		return;
	page->have |= HAVE_ZERO;
	page->zero = region.categories & PAGE_IS_PFNZERO;
}

/* Reads one page until two looks at its entry, around all others, agree. */
static int look_closely(struct walk *walk, uint64_t addr, struct page *page)
{
	const struct vma *vma = walk->vma;
	uint64_t entry, again = 0, same;
	bool rests = false;
	ssize_t got;

	got = target_entries(walk->target, addr, 1, &entry);
	for (int tries = 0; got == 1 && !rests && tries < TRIES; tries++) {
		*page = page_at(walk, addr, entry);
		ask_frame(walk, page);
		ask_zero(walk, page);
		page_classify(page);
		if (page_needs_backing(page)) {
			page->backing = backing_next(&walk->object,
						     vma->offset + (addr - vma->start),
						     walk->target->page, &same);
			page_classify(page);
		}
		got = target_entries(walk->target, addr, 1, &again);
		rests = again == entry && !page_is_doubtful(page);
		entry = again;
	}
	/*
	 * Flags that are another moment's say nothing: what is left is the entry.
	 * But whether the frame of a note is a device's or broken stays true.
	 */
	if (got == 1 && !rests) {
		*page = page_at(walk, addr, entry);
		if (!(entry & PM_PRESENT))
			ask_frame(walk, page);
		page_classify(page);
	}
	return got == 1 ? 0 : got < 0 ? (int)got : -ESRCH;
}

static int take_entry(struct walk *walk, size_t i, uint64_t addr, uint64_t pages, bool zero)
{
	struct page page = page_at(walk, addr, walk->entries[i]);

	if (walk->target->scans && !walk->frames.readable)
		page.have |= HAVE_ZERO;
	page.zero = zero;
	/* What has no page has no bits either, but for those of the whole VMA. */
	if (!(page.entry & (PM_PRESENT | PM_SWAP))) {
		page.entry = 0;
		page.have = 0;
		return take_absent(walk, &page, pages);
	}
	if (walk->known[i]) {
		page.have |= HAVE_KPAGE;
		page.flags = walk->flags[i];
		page.count = walk->counts[i];
	}
	page_classify(&page);
	if (page_is_doubtful(&page)) {
		int ret = look_closely(walk, addr, &page);

		if (ret)
			return ret;
	} else if (page_needs_backing(&page)) {
		return take_absent(walk, &page, 1);
	}
	return take(walk, &page);
}

static int ask_flags(struct walk *walk, uint64_t addr, size_t nr, size_t *asked)
{
	size_t used = 0;
	int ret;

	for (size_t i = 0; i < nr; i++) {
		struct page page = page_at(walk, addr, walk->entries[i]);

		walk->known[i] = page_frame(&page, &walk->pfns[used]);
		if (walk->known[i])
			walk->whose[used++] = (uint32_t)i;
	}
	ret = frames_ask(&walk->frames, FRAMES_FLAGS, walk->pfns, used, walk->answers);
	for (size_t i = 0; !ret && i < used; i++)
		walk->flags[walk->whose[i]] = walk->answers[i];
	*asked = used;
	return ret;
}

/* The exclusive bit says: mapped once; of large folios it says less. */
static bool count_is_known(uint64_t entry, uint64_t flags)
{
	const uint64_t large = KPF(COMPOUND_HEAD) | KPF(COMPOUND_TAIL) | KPF(HUGE) | KPF(THP);

	return (entry & (PM_PRESENT | PM_EXCLUSIVE)) == (PM_PRESENT | PM_EXCLUSIVE) &&
	       flags & KPF(MMAP) && !(flags & large);
}

static int ask_counts(struct walk *walk, size_t asked)
{
	size_t used = 0;
	int ret;

	for (size_t i = 0; i < asked; i++) {
		uint32_t whose = walk->whose[i];

		walk->counts[whose] = 1;
		if (count_is_known(walk->entries[whose], walk->flags[whose]))
			continue;
		walk->pfns[used] = walk->pfns[i];
		walk->whose[used++] = whose;
	}
	ret = frames_ask(&walk->frames, FRAMES_COUNTS, walk->pfns, used, walk->answers);
	for (size_t i = 0; !ret && i < used; i++)
		walk->counts[walk->whose[i]] = walk->answers[i];
	return ret;
}

/* Flags and counts of all frames of a batch. */
static int ask_frames(struct walk *walk, uint64_t addr, size_t nr)
{
	size_t asked;
	int ret;

	memset(walk->known, 0, nr * sizeof(*walk->known));
	if (!walk->frames.readable)
		return 0;
	ret = ask_flags(walk, addr, nr, &asked);
	return ret ?: ask_counts(walk, asked);
}

/* Neighbours whose entries are empty are one question to the object. */
static size_t empty_from(const struct walk *walk, size_t i, size_t nr)
{
	size_t next = i;

	while (next < nr && !(walk->entries[next] & (PM_PRESENT | PM_SWAP)))
		next++;
	return next > i ? next - i : 1;
}

static int take_batch(struct walk *walk, uint64_t start, size_t nr, bool zero)
{
	int ret = ask_frames(walk, start, nr);

	for (size_t i = 0, step; !ret && i < nr; i += step) {
		step = empty_from(walk, i, nr);
		ret = take_entry(walk, i, start + i * walk->target->page, step, zero);
	}
	return ret;
}

/* Reads the entries of a range, a batch at a time. */
static int read_range(struct walk *walk, uint64_t start, uint64_t end, bool zero)
{
	while (start < end) {
		uint64_t left = (end - start) / walk->target->page;
		ssize_t got = target_entries(walk->target, start,
					     left < WALK_BATCH ? (size_t)left : WALK_BATCH,
					     walk->entries);
		int ret;

		if (got <= 0)
			return got ? (int)got : -ESRCH;
		ret = take_batch(walk, start, (size_t)got, zero);
		if (ret)
			return ret;
		start += (uint64_t)got * walk->target->page;
	}
	return 0;
}

/* Reads what a scan has found, and over small gaps in it. */
static int read_regions(struct walk *walk, size_t nr)
{
	/* What a scan says of zero pages must not be taken for true of others. */
	const uint64_t gap = walk->frames.readable ? GAP * walk->target->page : 0;
	int ret = 0;

	for (size_t i = 0, next; !ret && i < nr; i = next) {
		const struct page_region *first = &walk->regions[i], *last = first;
		bool zero = first->categories & PAGE_IS_PFNZERO;

		for (next = i + 1; next < nr; next++) {
			if (walk->regions[next].start - last->end > gap ||
			    (walk->regions[next].categories & PAGE_IS_PFNZERO) != zero)
				break;
			last = &walk->regions[next];
		}
		if (last->end <= walk->seen)
			return -EPROTO;
		ret = take_hole(walk, walk->seen, first->start);
		if (!ret)
			ret = read_range(walk, first->start, last->end, zero);
	}
	return ret;
}

/*
 * Lets the kernel skip what the page tables do not have.  Its walk_end is not
 * relied on: where a scan goes on after it has filled its own buffer, the
 * answer keeps the place of that first stop and would have pages come twice.
 */
static int scan_range(struct walk *walk, uint64_t end)
{
	struct pm_scan_arg arg = {
		.size = sizeof(arg),
		.end = end,
		.vec = (uintptr_t)walk->regions,
		.vec_len = WALK_REGIONS,
		.category_anyof_mask = PAGE_IS_PRESENT | PAGE_IS_SWAPPED,
		/* Who sees frames knows the zero page by its flags. */
		.return_mask = walk->frames.readable ? 0 : PAGE_IS_PFNZERO,
	};
	int ret = 0, nr = WALK_REGIONS;

	/* Only a full vector ends a scan early. */
	while (!ret && nr == WALK_REGIONS && walk->seen < end) {
		arg.start = walk->seen;
		nr = ioctl(walk->target->pagemap, PAGEMAP_SCAN, &arg);
		if (nr < 0)
			return -errno;
		ret = read_regions(walk, (size_t)nr);
	}
	return ret ?: take_hole(walk, walk->seen, end);
}

/* Does smaps have anything of a VMA?  (The zero page, guards and markers not.) */
static bool smaps_empty(const struct walk *walk)
{
	const struct vma *vma = walk->vma;
	struct smaps smaps;

	if ((uintptr_t)vma->end != vma->end || (uintptr_t)vma->start != vma->start)
		return false;
	if (smaps_range(walk->target->pid, (void *)(uintptr_t)vma->start,
			(size_t)(vma->end - vma->start), &smaps))
		return false;
	return smaps.vmas == 1 && !smaps.rss && !smaps.swap;
}

static int walk_vma(struct walk *walk, uint64_t start, uint64_t end)
{
	/* A scan leaves out what has no struct page. */
	if (walk->target->scans && walk->kind != VMA_SPECIAL)
		return scan_range(walk, end);
	if (!walk->target->scans && walk->kind == VMA_ANON &&
	    (end - start) / walk->target->page >= LARGE && smaps_empty(walk)) {
		walk->skipped = true;
		return take_hole(walk, start, end);
	}
	return read_range(walk, start, end, false);
}

/* The page of a mapping that pagemap does not cover, such as [vsyscall]. */
static int take_outside(struct walk *walk, uint64_t start, uint64_t end)
{
	struct page page = page_at(walk, start, 0);

	page.have = 0;
	page.pages = (end - start) / walk->target->page;
	page.state = PAGE_SPECIAL;
	return take(walk, &page);
}

static int take_vma(void *arg, const struct vma *vma)
{
	struct walk *walk = arg;
	const struct walk_range *range = walk->range;
	uint64_t start = vma->start > range->start ? vma->start : range->start;
	uint64_t end = vma->end < range->end ? vma->end : range->end;
	int ret;

	if (start >= end || (range->name && !vma_is_named(vma, range->name)))
		return 0;
	walk->vma = vma;
	walk->kind = target_vma_kind(walk->target, vma);
	walk->seen = start;
	ret = walk->to->vma ? walk->to->vma(walk->to->arg, vma, walk->kind) : 0;
	if (ret)
		return ret;
	backing_open(&walk->object, walk->target, vma);
	ret = walk_vma(walk, start, end);
	if (ret == -ESRCH && walk->seen == start && target_fate(walk->target) == TARGET_THERE)
		ret = take_outside(walk, start, end);
	if (!ret)
		ret = hand_out_run(walk);
	walk->run.pages = 0;
	backing_close(&walk->object);
	return ret;
}

/**
 * walk_pages - hand out the pages of a process
 * @walk: as walk_open() made it
 * @range: which pages
 * @to: who takes them
 *
 * Return: 0, what @to returned to end the walk, -ESRCH once the address space
 * is gone (what has been handed out by then was true), -EPROTO where it would not
 * come to an end, or another -errno.
 */
int walk_pages(struct walk *walk, const struct walk_range *range, const struct walk_to *to)
{
	int ret;

	walk->range = range;
	walk->to = to;
	walk->run.pages = 0;
	walk->skipped = false;
	backing_forget(&walk->object);
	ret = maps_each(walk->target->maps, take_vma, walk);
	/* The maps of an address space that is gone just end early. */
	return ret ?: target_spans(walk->target, 0) ? 0 : -ESRCH;
}

/**
 * walk_one - look at one page closely
 * @walk: as walk_open() made it; its object stays open until the next walk
 * @vma: the mapping that holds the page
 * @addr: of the page
 * @page: where to put what is true of it
 *
 * Return: 0, -ESRCH once the address space is gone, or another -errno.
 */
int walk_one(struct walk *walk, const struct vma *vma, uint64_t addr, struct page *page)
{
	int ret;

	walk->vma = vma;
	walk->kind = target_vma_kind(walk->target, vma);
	backing_forget(&walk->object);
	backing_open(&walk->object, walk->target, vma);
	ret = look_closely(walk, addr, page);
	if (ret == -ESRCH && target_fate(walk->target) == TARGET_THERE) {
		*page = page_at(walk, addr, 0);
		page->state = PAGE_SPECIAL;
		page->have = 0;
		ret = 0;
	}
	return ret;
}
