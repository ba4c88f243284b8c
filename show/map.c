// SPDX-License-Identifier: GPL-2.0
/* Pages as a picture: one character each. */
#include <inttypes.h>
#include <string.h>

#include "show.h"

/* So many lines of nothing but the same are drawn as one. */
#define SAME_LINES	3

static const struct look {
	char c;
	const char *colour;	/* SGR parameters */
	const char *meaning;
} looks[] = {
	[PAGE_NONE] =		{ '.', "2",	"none" },
	[PAGE_ZERO] =		{ '0', "36",	"zero page" },
	[PAGE_ANON] =		{ 'A', "1;32",	"anonymous, mapped here only" },
	/* From here on states have the look after theirs. */
	[PAGE_ANON + 1] =	{ 'a', "33",	"anonymous, shared with others" },
	[PAGE_FILE + 1] =	{ 'f', "34",	"file" },
	[PAGE_SHMEM + 1] =	{ 's', "1;34",	"shmem" },
	[PAGE_CACHED + 1] =	{ 'c', "2;34",	"cached, not mapped here" },
	[PAGE_SWAPCACHE + 1] =	{ 'w', "35",	"swap cache" },
	[PAGE_SWAPPED + 1] =	{ 'S', "1;35",	"swapped" },
	[PAGE_GUARD + 1] =	{ '#', "31",	"guard" },
	[PAGE_MARKER + 1] =	{ 'm', "2;31",	"marker" },
	[PAGE_MIGRATING + 1] =	{ '>', "7",	"migrating" },
	[PAGE_POISONED + 1] =	{ '!', "1;31",	"poisoned" },
	[PAGE_SPECIAL + 1] =	{ '*', "2;36",	"special" },
	[PAGE_UNKNOWN + 1] =	{ '?', "2;33",	"unknown" },
};

/* The number of its look. */
static char look_of(const struct page *page)
{
	bool first = page->state < PAGE_ANON ||
		     (page->state == PAGE_ANON && page->entry & PM_EXCLUSIVE);

	return (char)(page->state + !first);
}

static void put_same(struct show *show, char look, size_t len)
{
	if (show->colour)
		fprintf(show->out, "\033[%sm", looks[(size_t)look].colour);
	while (len--)
		fputc(looks[(size_t)look].c, show->out);
	if (show->colour)
		fputs("\033[0m", show->out);
}

static int put_line(struct show *show)
{
	struct picture *picture = &show->picture;

	if (!picture->used)
		return 0;
	fprintf(show->out, "%012" PRIx64 "  ", picture->start);
	for (unsigned int i = 0, next; i < picture->used; i = next) {
		for (next = i + 1; next < picture->used; next++)
			if (picture->line[next] != picture->line[i])
				break;
		put_same(show, picture->line[i], next - i);
	}
	fputc('\n', show->out);
	picture->used = 0;
	return written(show->out);
}

static void begin(struct show *show)
{
	struct picture *picture = &show->picture;

	/* Whole words of eight pages, so that powers of two line up. */
	*picture = (struct picture){
		.width = show->columns > 30 ? (show->columns - 14) / 16 * 16 : 16,
	};
	if (picture->width > sizeof(picture->line))
		picture->width = sizeof(picture->line);
}

static int take_vma(struct show *show, const struct vma *vma, enum vma_kind kind)
{
	int ret = put_line(show);

	(void)kind;
	write_vma(show, vma);
	return ret ?: written(show->out);
}

/* Whole lines of the same as the line that has just been put. */
static uint64_t skip_same(struct show *show, uint64_t left)
{
	uint64_t lines = left / show->picture.width;

	if (lines < SAME_LINES)
		return 0;
	fprintf(show->out, "              (%" PRIu64 " more lines like this)\n", lines);
	return lines * show->picture.width;
}

static int take_page(struct show *show, const struct page *page)
{
	struct picture *picture = &show->picture;
	uint64_t done = 0;
	char look = look_of(page);
	int ret = 0;

	picture->legend[(size_t)look] = true;
	while (!ret && done < page->pages) {
		uint64_t room = picture->width - picture->used, left = page->pages - done;
		unsigned int take = (unsigned int)(left < room ? left : room);

		if (!picture->used)
			picture->start = page->addr + done * show->target->page;
		memset(picture->line + picture->used, look, take);
		picture->used += take;
		done += take;
		if (picture->used < picture->width)
			break;
		ret = put_line(show);
		if (take == picture->width)
			done += skip_same(show, page->pages - done);
	}
	return ret;
}

static int end(struct show *show, enum target_fate fate)
{
	int ret = put_line(show);

	for (size_t i = 0; i < sizeof(looks) / sizeof(*looks); i++) {
		if (!show->picture.legend[i])
			continue;
		put_same(show, (char)i, 1);
		fprintf(show->out, " %s\n", looks[i].meaning);
	}
	return ret ?: write_rows_end(show, fate);
}

static int one(struct show *show, const struct vma *vma, const struct page *page,
	       enum target_fate fate)
{
	int ret;

	begin(show);
	show->totals = (struct totals){ 0 };
	totals_add(&show->totals, page);
	show->nr_vmas = 1;
	ret = take_vma(show, vma, page->kind);
	if (!ret)
		ret = take_page(show, page);
	return ret ?: end(show, fate);
}

const struct format_ops map_ops = {
	.begin = begin, .vma = take_vma, .page = take_page, .end = end, .one = one,
};
