// SPDX-License-Identifier: GPL-2.0
/* What the kernel says of one page, as a line for people. */
#include <inttypes.h>
#include <stdio.h>

#include "pageline.h"
#include "words.h"

static void add_bits(struct words *words, uint64_t entry)
{
	if (entry & PM_EXCLUSIVE)
		say(words, "exclusive");
	if (entry & PM_SOFT_DIRTY && entry & (PM_PRESENT | PM_SWAP))
		say(words, "soft-dirty");
	if (entry & PM_UFFD_WP)
		say(words, "uffd-wp");
}

/**
 * pageline_notes - write what makes a page different from others in its state
 * @page: classified
 * @text: where to put the words, cut to fit, no newline
 * @size: of @text in bytes
 */
void pageline_notes(const struct page *page, char *text, size_t size)
{
	struct words words = { text, size, ", ", 0 };
	char names[256];

	text[0] = '\0';
	if (page_doubt(page)) {
		say(&words, "%s", page_doubt(page));
		return;
	}
	if (page->have & HAVE_KPAGE && page->entry & PM_PRESENT && page->state != PAGE_ZERO)
		say(&words, "mapcount %" PRIu64, page->count);
	add_bits(&words, page->entry);
	kpage_flag_names(page->flags & PAGE_FLAGS, names, sizeof(names));
	if (names[0])
		say(&words, "%s", names);
	if (page_has_slot(page) && page->have & HAVE_FRAME)
		say(&words, "type %u", pm_swap_type(page->entry));
	if (page->state == PAGE_MARKER && page->backing != BACKING_NONE)
		say(&words, "object: %s", backing_name(page->backing));
	else if (page->backing == BACKING_BEYOND || page->backing == BACKING_STORAGE)
		say(&words, "%s", backing_name(page->backing));
}

/* All that is known of an entry of the caller or its peers, but not its VMA. */
static struct page page_of(uint64_t entry)
{
	struct page page = { .pages = 1, .entry = entry };
	uint64_t pfn;

	if (pm_pfn(entry))
		page.have |= HAVE_FRAME;
	if (page_frame(&page, &pfn) && !kpage_flags(pfn, &page.flags) &&
	    !kpage_count(pfn, &page.count))
		page.have |= HAVE_KPAGE;
	page_classify(&page);
	return page;
}

/* Without the frame's flags and the VMA the entry's own words are the best. */
static const char *state_of(const struct page *page)
{
	if (page->have & (HAVE_KPAGE | HAVE_FRAME) || !(page->entry & (PM_PRESENT | PM_SWAP)))
		return page_state_name(page->state);
	if (page->entry & PM_PRESENT)
		return page->entry & PM_FILE ? "present file" : "present";
	return page->entry & PM_GUARD ? "guard" : "not present, not none";
}

/**
 * pageline_format - write a pagemap entry and what it leads to in words
 * @entry: of /proc/PID/pagemap
 * @text: where to put the words, cut to fit, no newline
 * @size: of @text in bytes
 */
void pageline_format(uint64_t entry, char *text, size_t size)
{
	struct words words = { text, size, ", ", 0 };
	struct page page = page_of(entry);
	char names[256];

	say(&words, "%s", state_of(&page));
	if (page.have & HAVE_KPAGE && entry & PM_PRESENT)
		say(&words, "mapcount %" PRIu64, page.count);
	add_bits(&words, entry);
	if (entry & PM_PRESENT && page.have & HAVE_FRAME)
		say(&words, "pfn %#" PRIx64, pm_pfn(entry));
	else if (entry & PM_PRESENT)
		say(&words, "pfn hidden");
	else if (entry & PM_SWAP && page.have & HAVE_FRAME)
		say(&words, "type %u offset %#" PRIx64, pm_swap_type(entry),
		    pm_swap_offset(entry));
	kpage_flag_names(page.flags, names, sizeof(names));
	if (names[0])
		say(&words, "flags %s", names);
}
