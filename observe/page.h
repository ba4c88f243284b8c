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

/* A row each: the state, its key for programs, for ever, and its name. */
#define PAGE_STATES(STATE)							\
	STATE(NONE, "none", "none")	/* the first access makes or fetches it */ \
	STATE(ZERO, "zero", "zero page")	/* read, never written */	\
	STATE(ANON, "anonymous", "anonymous")					\
	STATE(FILE, "file", "file")						\
	STATE(SHMEM, "shmem", "shmem")						\
	STATE(CACHED, "cached", "cached, not mapped")				\
	STATE(SWAPCACHE, "swap_cache", "swap cache")	/* with a copy in swap */ \
	STATE(SWAPPED, "swapped", "swapped")					\
	STATE(GUARD, "guard", "guard")						\
	STATE(MARKER, "marker", "marker")	/* no page: userfaultfd's note */ \
	STATE(MIGRATING, "migrating", "migrating")				\
	STATE(POISONED, "poisoned", "poisoned")	/* lost to a memory error */	\
	STATE(SPECIAL, "special", "special")	/* the kernel's or a device's */ \
	STATE(UNKNOWN, "unknown", "unknown")	/* to who has no more privilege */

enum page_state {
#define PAGE_STATE(state, key, name)	PAGE_##state,
	PAGE_STATES(PAGE_STATE)
	NR_PAGE_STATES
};

/*
 * What the object behind a mapping holds, whoever maps it; the state of a page
 * that is not mapped here then; and the words for it.
 */
#define BACKINGS(BACKING)							\
	BACKING(NONE, NONE, "no object")					\
	BACKING(UNASKED, UNKNOWN, "not known")					\
	BACKING(LEASED, UNKNOWN, "not asked, as it is leased")			\
	BACKING(REMOTE, UNKNOWN, "not asked, as that might wait for a server")	\
	BACKING(HOLE, NONE, "a hole")						\
	BACKING(BEYOND, NONE, "past its end")					\
	BACKING(CACHED, CACHED, "in the page cache")				\
	BACKING(SWAPCACHE, SWAPCACHE, "in swap and in the swap cache")		\
	BACKING(SWAPPED, SWAPPED, "in swap")					\
	BACKING(EVICTED, SWAPPED, "in swap, perhaps also in the swap cache")	\
	BACKING(STORAGE, NONE, "not in memory")					\
	BACKING(DATA, UNKNOWN, "in memory or not")

enum backing {
#define BACKING_MEMBER(backing, state, name)	BACKING_##backing,
	BACKINGS(BACKING_MEMBER)
	NR_BACKINGS
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
