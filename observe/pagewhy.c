// SPDX-License-Identifier: GPL-2.0
/* Which interface said what of a page, as lines for people. */
#include <inttypes.h>
#include <stdio.h>

#include "pagewhy.h"
#include "words.h"

static void why_present(const struct page *page, struct words *lines)
{
	bool flags = page->have & HAVE_KPAGE;

	say(lines, "present: pagemap bit 63 is set\n");
	switch (page->state) {
	case PAGE_ZERO:
		if (flags)
			say(lines, "the zero page: kpageflags has ZERO_PAGE\n");
		else if (page->have & HAVE_ZERO)
			say(lines, "the zero page: PAGEMAP_SCAN says PFNZERO\n");
		else
			say(lines, "the huge zero page: pagemap bit 61 in anonymous memory\n");
		break;
	case PAGE_ANON:
	case PAGE_SWAPCACHE:
		if (flags)
			say(lines, "anonymous: kpageflags has ANON, pagemap bit 61 is clear\n");
		else if (page->entry & PM_EXCLUSIVE)
			say(lines, "anonymous: pagemap bit 56 is set, 61 clear\n");
		else
			say(lines, "anonymous: pagemap bit 61 is clear, and no zero page\n");
		if (page->state == PAGE_SWAPCACHE)
			say(lines, "in the swap cache, too: kpageflags has SWAPCACHE\n");
		break;
	case PAGE_FILE:
	case PAGE_SHMEM:
		say(lines, "of an object: pagemap bit 61 is set\n");
		if (flags)
			say(lines, "%s: kpageflags %s SWAPBACKED\n", page_state_name(page->state),
			    page->state == PAGE_SHMEM ? "has" : "lacks");
		else
			say(lines, "%s: by the file system of the mapping's device\n",
			    page_state_name(page->state));
		break;
	case PAGE_SPECIAL:
		say(lines, "no page that counts: %s\n",
		    flags && !(page->flags & KPF(ANON)) ?
		    "neither pagemap bit 61 nor kpageflags ANON" : "by the kind of mapping");
		break;
	default:
		say(lines, "what kind: pagemap bits 56 and 61 are clear, which leaves it open\n");
		break;
	}
}

static void why_noted(const struct page *page, struct words *lines)
{
	say(lines, "not present: pagemap bit 63 is clear\n");
	say(lines, "something is noted in the page table: pagemap bit 62 is set\n");
	switch (page->state) {
	case PAGE_GUARD:
		if (page->entry & PM_GUARD)
			say(lines, "a guard region: pagemap bit 58 is set\n");
		else
			say(lines,
			    "a guard region: a type that is no swap area, offset %#" PRIx64 "\n",
			    pm_swap_offset(page->entry));
		break;
	case PAGE_MARKER:
		say(lines, "a userfaultfd write-protect marker: %s\n",
		    page->have & HAVE_FRAME ? "a type that is no swap area, no PFN"
					    : "bit 57 on a shared page, which has no swap entries");
		break;
	case PAGE_SWAPPED:
		say(lines, "swapped: the swap type is that of a swap area\n");
		say(lines, "swap cache: of private memory it cannot be asked from outside\n");
		break;
	case PAGE_MIGRATING:
		say(lines, "migrating: %s\n", page->entry & PM_FILE ?
		    "bit 61 on an entry that is not present" :
		    "a type that is no swap area, and a PFN");
		break;
	case PAGE_POISONED:
		say(lines, "poisoned: a swap type that is no swap area%s\n",
		    page->have & HAVE_KPAGE ? ", kpageflags has HWPOISON" : "");
		break;
	case PAGE_SPECIAL:
		say(lines, "device memory: a type that is no swap area, and no page\n");
		break;
	default:
		break;
	}
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
	bool shmem = object->kind == VMA_SHMEM;

	switch (page->backing) {
	case BACKING_HOLE:
		say(lines, "never written, or punched out: lseek(SEEK_DATA) finds a hole\n");
		break;
	case BACKING_BEYOND:
		say(lines, "past the end, where access is SIGBUS: fstat() says %" PRIu64 " bytes\n",
		    object->size);
		break;
	case BACKING_CACHED:
		say(lines, "%sin the page cache: %s says so\n",
		    shmem ? "data: lseek(SEEK_DATA); " : "", cache_by(object));
		break;
	case BACKING_SWAPPED:
	case BACKING_SWAPCACHE:
	case BACKING_EVICTED:
		say(lines, "data: lseek(SEEK_DATA); not in the page cache: %s says so\n",
		    cache_by(object));
		if (page->backing == BACKING_EVICTED)
			say(lines, "swap cache: mincore(2) tells only who may write the object\n");
		else
			say(lines, "%s the swap cache: mincore(2) says %s\n",
			    page->backing == BACKING_SWAPPED ? "not in" : "in",
			    page->backing == BACKING_SWAPPED ? "not resident" : "resident");
		break;
	case BACKING_STORAGE:
		say(lines, "not in the page cache: %s says so\n", cache_by(object));
		break;
	case BACKING_DATA:
		say(lines, "the object: mincore(2) tells only who may write it\n");
		break;
	case BACKING_UNASKED:
		say(lines, "the object: map_files needs CAP_CHECKPOINT_RESTORE\n");
		break;
	case BACKING_LEASED:
		say(lines, "the object: /proc/locks has a lease that open(2) would break\n");
		break;
	case BACKING_REMOTE:
		say(lines, "the object: on no file system that is known not to wait for others\n");
		break;
	default:
		break;
	}
}

/**
 * pagewhy_state - write why a page is in the state it is in
 * @page: classified
 * @object: behind its mapping, as it was asked
 * @text: where to put the lines, one conclusion each, cut to fit
 * @size: of @text in bytes
 *
 * Return: the length that all lines have, as snprintf().
 */
int pagewhy_state(const struct page *page, const struct object *object, char *text, size_t size)
{
	struct words lines = { text, size, "", 0 };

	if (size)
		text[0] = '\0';
	if (page->entry & PM_PRESENT)
		why_present(page, &lines);
	else if (page->entry & PM_SWAP)
		why_noted(page, &lines);
	else
		why_absent(page, &lines);
	why_backing(page, object, &lines);
	return lines.used;
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
