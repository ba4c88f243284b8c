// SPDX-License-Identifier: GPL-2.0
/* The state of a page, put together from what the kernel's files say of it. */
#include "page.h"

/*
 * Swap types from here on are no swap areas but notes in the page table, see
 * MAX_SWAPFILES in include/linux/swap.h.  How many there are depends on version
 * and configuration, 10 at most.  Most carry a PFN; markers, since 5.19, which
 * are the last or the last but one, carry a few bits, and there is no memory
 * for users at PFNs so low.
 */
#define FIRST_NOTE_TYPE	22
#define MARKER_POISONED	0x2
#define MARKER_GUARD	0x4
#define MARKER_ALL	0x7

/**
 * page_state_name - a state in one word or two
 * @state: the state
 */
const char *page_state_name(enum page_state state)
{
#define STATE_NAME(state, key, name)	name,
	static const char * const names[] = { PAGE_STATES(STATE_NAME) };

	return state < NR_PAGE_STATES ? names[state] : "?";
}

/**
 * page_state_key - a state as programs want it named, for ever
 * @state: the state
 */
const char *page_state_key(enum page_state state)
{
#define STATE_KEY(state, key, name)	key,
	static const char * const keys[] = { PAGE_STATES(STATE_KEY) };

	return state < NR_PAGE_STATES ? keys[state] : "?";
}

/**
 * backing_name - what an object holds for a page, in words
 * @backing: what it holds
 */
const char *backing_name(enum backing backing)
{
#define BACKING_NAME(backing, state, name)	name,
	static const char * const names[] = { BACKINGS(BACKING_NAME) };

	return names[backing];
}

static bool is_marker(uint64_t entry)
{
	return pm_swap_type(entry) >= FIRST_NOTE_TYPE && pm_swap_offset(entry) <= MARKER_ALL;
}

/**
 * page_frame - the frame that kpageflags and kpagecount can be asked about
 * @page: with its entry
 * @pfn: where to put the frame: the page's, or the one that a note in the page
 *	table (a migration, a memory error, a device) is about
 *
 * Return: false where there is none or it is hidden.
 */
bool page_frame(const struct page *page, uint64_t *pfn)
{
	uint64_t entry = page->entry;

	if (!(page->have & HAVE_FRAME))
		return false;
	if (entry & PM_PRESENT) {
		*pfn = pm_pfn(entry);
		return true;
	}
	if (!(entry & PM_SWAP) || entry & PM_GUARD || is_marker(entry) ||
	    pm_swap_type(entry) < FIRST_NOTE_TYPE)
		return false;
	*pfn = pm_swap_offset(entry);
	return true;
}

static bool is_zero_page(const struct page *page)
{
	if (page->have & HAVE_KPAGE)
		return page->flags & KPF(ZERO_PAGE);
	if (page->have & HAVE_ZERO)
		return page->zero;
	/* Nothing of a file can be in anonymous memory but the huge zero page. */
	return page->kind == VMA_ANON && page->entry & PM_FILE;
}

static enum page_state object_state(const struct page *page)
{
	if (page->kind == VMA_SPECIAL)
		return PAGE_SPECIAL;
	if (page->have & HAVE_KPAGE)
		return page->flags & KPF(SWAPBACKED) && !(page->flags & KPF(HUGE)) ? PAGE_SHMEM
										  : PAGE_FILE;
	return page->kind == VMA_SHMEM ? PAGE_SHMEM : PAGE_FILE;
}

static enum page_state present_state(const struct page *page)
{
	if (is_zero_page(page))
		return PAGE_ZERO;
	if (page->entry & PM_FILE)
		return object_state(page);
	if (page->have & HAVE_KPAGE) {
		if (!(page->flags & KPF(ANON)))
			return PAGE_SPECIAL;
		return page->flags & KPF(SWAPCACHE) ? PAGE_SWAPCACHE : PAGE_ANON;
	}
	if (page->kind == VMA_SPECIAL)
		return PAGE_SPECIAL;
	if (page->entry & PM_EXCLUSIVE || page->have & HAVE_ZERO || page->kind != VMA_ANON)
		return PAGE_ANON;
	return PAGE_UNKNOWN;
}

/* A note that is about a frame. */
static enum page_state note_state(const struct page *page)
{
	if (!(page->have & HAVE_KPAGE))
		return PAGE_UNKNOWN;
	if (page->flags & KPF(HWPOISON))
		return PAGE_POISONED;
	return page->flags & KPF(NOPAGE) ? PAGE_SPECIAL : PAGE_MIGRATING;
}

static enum page_state entry_state(const struct page *page)
{
	uint64_t entry = page->entry, pfn;

	if (entry & PM_GUARD)
		return PAGE_GUARD;
	if (entry & PM_FILE)
		return PAGE_MIGRATING;	/* pages of objects leave no swap entries */
	if (page_frame(page, &pfn))
		return note_state(page);
	if (page->have & HAVE_FRAME && is_marker(entry)) {
		if (pm_swap_offset(entry) & MARKER_GUARD)
			return PAGE_GUARD;
		return pm_swap_offset(entry) & MARKER_POISONED ? PAGE_POISONED : PAGE_MARKER;
	}
	if (page->have & HAVE_FRAME)
		return PAGE_SWAPPED;
	/* A slot, a marker and what a memory error leaves look the same without. */
	return page->shared && entry & PM_UFFD_WP ? PAGE_MARKER : PAGE_UNKNOWN;
}

/**
 * page_needs_backing - must the object be asked?
 * @page: with its entry and the kind of its mapping
 *
 * Where the page table has nothing, or only a marker: there a page of an
 * object looks the same swapped, cached and never touched, see "Exceptions
 * for Shared Memory" in admin-guide/mm/pagemap.rst.
 */
bool page_needs_backing(const struct page *page)
{
	if (page->kind != VMA_SHMEM && page->kind != VMA_FILE)
		return false;
	if (!(page->entry & (PM_PRESENT | PM_SWAP)))
		return true;
	return page->state == PAGE_MARKER && !(page->entry & PM_PRESENT);
}

/**
 * page_classify - find the state of a page
 * @page: with all facts that are known; its state is set
 */
void page_classify(struct page *page)
{
#define ABSENT_STATE(backing, state, name)	PAGE_##state,
	static const enum page_state absent[] = { BACKINGS(ABSENT_STATE) };

	if (page->entry & PM_PRESENT)
		page->state = present_state(page);
	else if (page->entry & PM_SWAP)
		page->state = entry_state(page);
	else
		page->state = absent[page->backing];
}

/**
 * page_is_doubtful - do the facts contradict each other?
 * @page: classified
 *
 * The entry and the flags of the frame are read one after the other; a page
 * that went away in between leaves the flags of whoever got its frame.
 */
bool page_is_doubtful(const struct page *page)
{
	bool anon = page->flags & KPF(ANON);

	if (!(page->entry & PM_PRESENT) || !(page->have & HAVE_KPAGE) ||
	    page->state == PAGE_ZERO || page->kind == VMA_SPECIAL)
		return false;
	if (!page->count || page->flags & (KPF(BUDDY) | KPF(SLAB) | KPF(PGTABLE) | KPF(NOPAGE)))
		return true;
	return page->entry & PM_FILE ? anon : !anon;
}

/**
 * page_alike - is the same true of two pages, but for where they are?
 * @a: a page
 * @b: another
 */
bool page_alike(const struct page *a, const struct page *b)
{
	return a->state == b->state && a->backing == b->backing &&
	       !((a->entry ^ b->entry) & PAGE_BITS) && a->have == b->have &&
	       a->count == b->count && !((a->flags ^ b->flags) & PAGE_FLAGS) &&
	       (!page_has_slot(a) || pm_swap_type(a->entry) == pm_swap_type(b->entry));
}

/**
 * page_entry_at - the entry of one of several alike neighbours
 * @page: the neighbours
 * @index: which
 */
uint64_t page_entry_at(const struct page *page, uint64_t index)
{
	if (!(page->have & HAVE_FRAME))
		return page->entry;
	if (page->entry & PM_PRESENT)
		return page->state == PAGE_ZERO ? page->entry : page->entry + index;
	if (page->entry & PM_SWAP && page->state != PAGE_GUARD && page->state != PAGE_MARKER)
		return page->entry + (index << PM_SWAP_TYPE_BITS);
	return page->entry;
}

/**
 * page_follows - does a page belong to the same run?
 * @a: the run
 * @b: what comes next
 *
 * Return: true where all that is known of @b is what @a says of its pages,
 * frames and swap slots included.
 */
bool page_follows(const struct page *a, const struct page *b)
{
	return a->addr < b->addr && page_alike(a, b) && page_entry_at(a, a->pages) == b->entry;
}

/**
 * page_counts_in_rss - does smaps count the page as Rss?
 * @page: classified; one that may be the page of zeros is not counted, as
 *	totals are told to be "at least" where something is unknown
 */
bool page_counts_in_rss(const struct page *page)
{
	if (page->kind == VMA_HUGETLB || page->state == PAGE_ZERO)
		return false;
	if (page->state == PAGE_MIGRATING)
		return true;
	/* An entry with a PFN is, since 07a57a338adb (6.9, stable 6.1); no marker is. */
	if (page->state == PAGE_POISONED)
		return !is_marker(page->entry);
	if (!(page->entry & PM_PRESENT) || page->state == PAGE_UNKNOWN)
		return false;
	return page->state != PAGE_SPECIAL || page->entry & PM_FILE;
}

/**
 * page_counts_in_swap - does smaps count the page as Swap?
 * @page: classified
 */
bool page_counts_in_swap(const struct page *page)
{
	if (page_has_slot(page))
		return true;
	return !(page->entry & PM_PRESENT) &&
	       (page->backing == BACKING_SWAPPED || page->backing == BACKING_SWAPCACHE ||
		page->backing == BACKING_EVICTED);
}

/**
 * page_doubt - what is left open about a page, and what would tell
 * @page: classified
 *
 * Return: words, NULL where nothing is.
 */
const char *page_doubt(const struct page *page)
{
	if (page->state != PAGE_UNKNOWN)
		return NULL;
	if (page->entry & PM_PRESENT)
		return "present: the zero page, or anonymous and shared; CAP_SYS_ADMIN would tell";
	if (page->entry & PM_SWAP && page->have & HAVE_FRAME)
		return "migrating, broken or a device's; /proc/kpageflags would tell";
	if (page->entry & PM_SWAP)
		return "swapped, migrating, poisoned, guard or marker: CAP_SYS_ADMIN would tell";
	if (page->backing == BACKING_DATA)
		return "not mapped here; cached or not: write access to the object would tell";
	if (page->backing == BACKING_LEASED)
		return "not mapped here; opening the object to ask it would break a lease";
	if (page->backing == BACKING_REMOTE)
		return "not mapped here; asking the object might wait for a server";
	return "not mapped; cached, swapped or none: CAP_CHECKPOINT_RESTORE would tell";
}
