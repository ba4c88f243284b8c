// SPDX-License-Identifier: GPL-2.0
/* What the kernel says of one page, as a line for people. */
#include <inttypes.h>
#include <stdio.h>

#include "kpage.h"
#include "pageline.h"
#include "pagemap.h"

static int format_frame(uint64_t pfn, char *text, size_t size)
{
	uint64_t flags, count;
	char names[256];

	if (!pfn)
		return snprintf(text, size, " pfn hidden");
	if (kpage_flags(pfn, &flags) || kpage_count(pfn, &count))
		return snprintf(text, size, " pfn %#" PRIx64, pfn);
	kpage_flag_names(flags, names, sizeof(names));
	return snprintf(text, size, " pfn %#" PRIx64 " mapcount %" PRIu64 " %s", pfn, count,
			names);
}

/**
 * pageline_format - write a pagemap entry and what it leads to in words
 * @entry: of /proc/PID/pagemap
 * @text: where to put the words, cut to fit, no newline
 * @size: of @text in bytes
 *
 * Return: the length that the whole line has, as snprintf().
 */
int pageline_format(uint64_t entry, char *text, size_t size)
{
	const char *state = entry & PM_PRESENT ? "present" : entry & PM_SWAP ? "swapped" : "none";
	int used = snprintf(text, size, "%s%s%s%s%s%s", state,
			    entry & PM_FILE ? " file" : "",
			    entry & PM_EXCLUSIVE ? " exclusive" : "",
			    entry & PM_SOFT_DIRTY ? " soft-dirty" : "",
			    entry & PM_UFFD_WP ? " uffd-wp" : "",
			    entry & PM_GUARD ? " guard" : "");
	size_t at = (size_t)used < size ? (size_t)used : size;

	if (entry & PM_PRESENT)
		used += format_frame(pm_pfn(entry), text + at, size - at);
	else if (entry & PM_SWAP)
		used += snprintf(text + at, size - at, " type %u offset %#" PRIx64,
				 pm_swap_type(entry), pm_swap_offset(entry));
	return used;
}
