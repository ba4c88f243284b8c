// SPDX-License-Identifier: GPL-2.0
/* Which interface said what of a page, as lines for people. */
#include <inttypes.h>
#include <stdio.h>

#include "pageline.h"
#include "words.h"

static void why_present(const struct page *page, struct words *lines)
{
	bool flags = page->have & HAVE_KPAGE;

	say(lines, "present: pagemap bit 63 is set\n");
	if (page->state == PAGE_ZERO) {
		say(lines, "the %s\n", flags ? "zero page: kpageflags has ZERO_PAGE" :
		    page->have & HAVE_ZERO ? "zero page: PAGEMAP_SCAN says PFNZERO" :
		    "huge zero page: pagemap bit 61 in anonymous memory");
	} else if (page->state == PAGE_ANON || page->state == PAGE_SWAPCACHE) {
		say(lines, "anonymous: %s\n",
		    flags ? "kpageflags has ANON, pagemap bit 61 is clear" :
		    page->entry & PM_EXCLUSIVE ? "pagemap bit 56 is set, 61 clear" :
		    "pagemap bit 61 is clear, and no zero page");
		if (page->state == PAGE_SWAPCACHE)
			say(lines, "in the swap cache, too: kpageflags has SWAPCACHE\n");
	} else if (page->state == PAGE_FILE || page->state == PAGE_SHMEM) {
		say(lines, "of an object: pagemap bit 61 is set\n");
		say(lines, "%s: %s\n", page_state_name(page->state),
		    !flags ? "by the file system of the mapping's device" :
		    page->state == PAGE_SHMEM ? "kpageflags has SWAPBACKED" :
		    "kpageflags lacks SWAPBACKED");
	} else if (page->state == PAGE_SPECIAL) {
		say(lines, "no page that counts: %s\n",
		    flags && !(page->flags & KPF(ANON)) ?
		    "neither pagemap bit 61 nor kpageflags ANON" : "by the kind of mapping");
	} else {
		say(lines, "what kind: pagemap bits 56 and 61 are clear, which leaves it open\n");
	}
}

static void why_noted(const struct page *page, struct words *lines)
{
	say(lines, "not present: pagemap bit 63 is clear\n");
	say(lines, "something is noted in the page table: pagemap bit 62 is set\n");
	if (page->state == PAGE_GUARD && page->entry & PM_GUARD)
		say(lines, "a guard region: pagemap bit 58 is set\n");
	else if (page->state == PAGE_GUARD)
		say(lines, "a guard region: a type that is no swap area, offset %#" PRIx64 "\n",
		    pm_swap_offset(page->entry));
	else if (page->state == PAGE_MARKER)
		say(lines, "a userfaultfd write-protect marker: %s\n",
		    page->have & HAVE_FRAME ? "a type that is no swap area, no PFN"
					    : "bit 57 on a shared page, which has no swap entries");
	else if (page->state == PAGE_SWAPPED)
		say(lines, "swapped: the swap type is that of a swap area\n"
		    "swap cache: of private memory it cannot be asked from outside\n");
	else if (page->state == PAGE_MIGRATING)
		say(lines, "migrating: %s\n", page->entry & PM_FILE ?
		    "bit 61 on an entry that is not present" :
		    "a type that is no swap area, and a PFN");
	else if (page->state == PAGE_POISONED)
		say(lines, "poisoned: a swap type that is no swap area%s\n",
		    page->have & HAVE_KPAGE ? ", kpageflags has HWPOISON" : "");
	else if (page->state == PAGE_SPECIAL)
		say(lines, "device memory: a type that is no swap area, and no page\n");
}

static void why_absent(const struct page *page, struct words *lines)
{
	if (page->state == PAGE_SPECIAL)
		say(lines, "outside of what pagemap covers: its end comes before this address\n");
	else
		say(lines, "not mapped by this process: pagemap bits 61 to 63 are clear\n");
}

/* How it was told whether the page cache or swap has a page of the object. */
static const char *cache_by(const struct object *object)
{
	if (object->has_cachestat)
		return "cachestat(2)";
	return object->kind == VMA_SHMEM ? "smaps Swap of a mapping of the object" : "mincore(2)";
}

static void why_backing(const struct page *page, const struct object *object, struct words *lines)
{
	static const char * const words[NR_BACKINGS] = {
		[BACKING_UNASKED] = "the object: map_files needs CAP_CHECKPOINT_RESTORE",
		[BACKING_LEASED] = "the object: /proc/locks has a lease that open(2) would break",
		[BACKING_REMOTE] =
			"the object: on no file system that is known not to wait for others",
		[BACKING_HOLE] = "never written, or punched out: lseek(SEEK_DATA) finds a hole",
		[BACKING_SWAPCACHE] = "in the swap cache: mincore(2) says resident",
		[BACKING_SWAPPED] = "not in the swap cache: mincore(2) says not resident",
		[BACKING_EVICTED] = "swap cache: mincore(2) tells only who may write the object",
		[BACKING_DATA] = "the object: mincore(2) tells only who may write it",
	};

	if (page->backing == BACKING_BEYOND)
		say(lines, "past the end, where access is SIGBUS: fstat() says %" PRIu64 " bytes\n",
		    object->size);
	if (page->backing >= BACKING_CACHED && page->backing <= BACKING_STORAGE)
		say(lines, "%s%sin the page cache: %s says so\n",
		    object->kind == VMA_SHMEM ? "data: lseek(SEEK_DATA); " : "",
		    page->backing == BACKING_CACHED ? "" : "not ", cache_by(object));
	if (words[page->backing])
		say(lines, "%s\n", words[page->backing]);
}

/**
 * pagewhy_state - write why a page is in the state it is in
 * @page: classified
 * @object: behind its mapping, as it was asked
 * @text: where to put the lines, one conclusion each, cut to fit
 * @size: of @text in bytes
 */
void pagewhy_state(const struct page *page, const struct object *object, char *text, size_t size)
{
	struct words lines = { text, size, "", 0 };

	text[0] = '\0';
	if (page->entry & PM_PRESENT)
		why_present(page, &lines);
	else if (page->entry & PM_SWAP)
		why_noted(page, &lines);
	else
		why_absent(page, &lines);
	why_backing(page, object, &lines);
}

/**
 * pagewhy_unknown - what cannot be known of a page, and what would tell
 * @page: classified
 * @which: the first, second, ...
 *
 * Return: words; NULL where there is no such many.
 */
const char *pagewhy_unknown(const struct page *page, size_t which)
{
	const char *unknown[4];
	size_t nr = 0;

	if (page_doubt(page))
		unknown[nr++] = page_doubt(page);
	if (page->entry & PM_PRESENT && !(page->have & HAVE_FRAME))
		unknown[nr++] = "pfn: pagemap hides it without CAP_SYS_ADMIN";
	if (page->entry & PM_PRESENT && !(page->have & HAVE_KPAGE))
		unknown[nr++] = "mapcount, page flags, cgroup: /proc/kpage* open for root only";
	if (!(page->entry & PM_PRESENT) && page->entry & PM_SWAP && !(page->have & HAVE_FRAME))
		unknown[nr++] = "swap type and offset: pagemap hides them without CAP_SYS_ADMIN";
	return which < nr ? unknown[which] : NULL;
}
