// SPDX-License-Identifier: GPL-2.0
/* What changed between two looks at a page, in words. */
#include <inttypes.h>
#include <stdio.h>

#include "pageline.h"
#include "words.h"

static void add_bits(struct words *words, uint64_t before, uint64_t after)
{
	static const struct {
		uint64_t bit;
		const char *name;
	} bits[] = {
		{ PM_EXCLUSIVE, "exclusive" },	{ PM_SOFT_DIRTY, "soft-dirty" },
		{ PM_UFFD_WP, "uffd-wp" },
	};

	for (size_t i = 0; i < sizeof(bits) / sizeof(*bits); i++)
		if ((before ^ after) & bits[i].bit)
			say(words, "%s %s", bits[i].name, after & bits[i].bit ? "gained" : "lost");
}

static void add_flags(struct words *words, uint64_t before, uint64_t after)
{
	char names[256];

	kpage_flag_names(PAGE_FLAGS & ~before & after, names, sizeof(names));
	if (names[0])
		say(words, "%s gained", names);
	kpage_flag_names(PAGE_FLAGS & before & ~after, names, sizeof(names));
	if (names[0])
		say(words, "%s lost", names);
}

/* Where it is now against where it was; both hidden is not the same. */
static void add_place(struct words *words, const struct page *before, const struct page *after)
{
	bool frames = before->have & HAVE_FRAME && after->have & HAVE_FRAME;

	if (!frames || before->state == PAGE_ZERO || after->state == PAGE_ZERO)
		return;
	if (before->entry & PM_PRESENT && after->entry & PM_PRESENT) {
		if (pm_pfn(before->entry) == pm_pfn(after->entry))
			say(words, "same PFN");
		else if (after->pages > 1)
			say(words, "another PFN");
		else
			say(words, "PFN %#" PRIx64 " -> %#" PRIx64, pm_pfn(before->entry),
			    pm_pfn(after->entry));
	} else if (!page_has_slot(before) || !page_has_slot(after) ||
		   before->entry == after->entry) {
		return;
	} else if (after->pages > 1) {
		say(words, "another slot");
	} else {
		say(words, "slot %u:%#" PRIx64 " -> %u:%#" PRIx64, pm_swap_type(before->entry),
		    pm_swap_offset(before->entry), pm_swap_type(after->entry),
		    pm_swap_offset(after->entry));
	}
}

static bool same(const struct page *a, const struct page *b)
{
	return page_alike(a, b) && (a->entry == b->entry || a->state == PAGE_ZERO);
}

/**
 * pagediff_format - write what changed of a page: "mapcount 1 -> 2, same PFN"
 * @before: the page as it was
 * @after: the page as it is; where it is several, numbers that differ from one
 *	to the next are left out
 * @text: where to put the words, cut to fit, no newline; empty where nothing
 *	changed that makes pages different
 * @size: of @text in bytes
 */
void pagediff_format(const struct page *before, const struct page *after, char *text, size_t size)
{
	struct words words = { text, size, ", ", 0 };

	text[0] = '\0';
	if (same(before, after))
		return;
	if (before->state != after->state)
		say(&words, "%s -> %s", page_state_name(before->state),
		    page_state_name(after->state));
	else if (before->backing != after->backing)
		say(&words, "object: %s -> %s", backing_name(before->backing),
		    backing_name(after->backing));
	if (before->have & after->have & HAVE_KPAGE && before->count != after->count)
		say(&words, "mapcount %" PRIu64 " -> %" PRIu64, before->count, after->count);
	if ((before->entry & PM_PRESENT) == (after->entry & PM_PRESENT))
		add_bits(&words, before->entry, after->entry);
	if (before->have & after->have & HAVE_KPAGE)
		add_flags(&words, before->flags, after->flags);
	add_place(&words, before, after);
}
