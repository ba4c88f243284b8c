/* SPDX-License-Identifier: GPL-2.0 */
/* The state of a page, put together from what the kernel's files say of it. */
#ifndef ANONMEM_OBSERVE_PAGE_H
#define ANONMEM_OBSERVE_PAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kpage.h"
#include "pagemap.h"
#include "target.h"

enum page_state {
	PAGE_NONE,		/* nothing: the first access makes or fetches it */
	PAGE_ZERO,		/* read, never written: the shared page of zeros */
	PAGE_ANON,
	PAGE_FILE,
	PAGE_SHMEM,
	PAGE_CACHED,		/* in the page cache, but not mapped here */
	PAGE_SWAPCACHE,		/* in memory, with a copy in swap */
	PAGE_SWAPPED,
	PAGE_GUARD,
	PAGE_MARKER,		/* no page: a note that userfaultfd left */
	PAGE_MIGRATING,
	PAGE_POISONED,		/* lost to a memory error */
	PAGE_SPECIAL,		/* the kernel's own or a device's memory */
	PAGE_UNKNOWN,		/* cannot be told with the privilege at hand */
	NR_PAGE_STATES
};

/* What the object behind a mapping holds, whoever maps it. */
enum backing {
	BACKING_NONE,		/* no object */
	BACKING_UNASKED,	/* it may not be asked */
	BACKING_LEASED,		/* it is not asked: somebody would have to give up a lease */
	BACKING_REMOTE,		/* nor if a server or a daemon might have to answer */
	BACKING_HOLE,
	BACKING_BEYOND,		/* past its end */
	BACKING_CACHED,
	BACKING_SWAPCACHE,
	BACKING_SWAPPED,
	BACKING_EVICTED,	/* swapped; maybe the swap cache still has it */
	BACKING_STORAGE,	/* not in memory: on disk */
	BACKING_DATA,		/* somewhere */
};

/* Which of the facts about a page are known. */
#define HAVE_FRAME	0x1	/* entry holds the PFN or the swap slot */
#define HAVE_KPAGE	0x2	/* flags and count are those of the frame */
#define HAVE_ZERO	0x4	/* zero is right */

/* One page, or neighbours of which the same is true. */
struct page {
	uint64_t addr;
	uint64_t pages;
	uint64_t entry;		/* of pagemap, of the first; frames and slots follow */
	uint64_t flags;		/* of kpageflags, of the first */
	uint64_t count;		/* of kpagecount */
	unsigned int have;
	bool zero;		/* PAGEMAP_SCAN says: the zero page */
	enum vma_kind kind;
	bool shared;		/* mapped MAP_SHARED */
	enum backing backing;	/* asked where pagemap says nothing decisive */
	enum page_state state;
};

/* Flags that make pages different; the others come and go. */
#define PAGE_FLAGS	(KPF(KSM) | KPF(THP) | KPF(HUGE) | KPF(HWPOISON) | KPF(UNEVICTABLE) | \
			 KPF(SWAPCACHE))
#define PAGE_BITS	(PM_SOFT_DIRTY | PM_EXCLUSIVE | PM_UFFD_WP | PM_GUARD | PM_STATE)

const char *page_state_name(enum page_state state);
const char *page_state_key(enum page_state state);
const char *backing_name(enum backing backing);
bool page_frame(const struct page *page, uint64_t *pfn);
bool page_needs_backing(const struct page *page);
void page_classify(struct page *page);
bool page_is_doubtful(const struct page *page);
bool page_alike(const struct page *a, const struct page *b);
bool page_follows(const struct page *a, const struct page *b);
uint64_t page_entry_at(const struct page *page, uint64_t index);
bool page_counts_in_rss(const struct page *page);
bool page_counts_in_swap(const struct page *page);
const char *page_doubt(const struct page *page);

/* Is the page in swap, as a slot that the entry names? */
static inline bool page_has_slot(const struct page *page)
{
	return page->state == PAGE_SWAPPED && page->entry & PM_SWAP;
}

#endif /* ANONMEM_OBSERVE_PAGE_H */
