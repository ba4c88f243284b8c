// SPDX-License-Identifier: GPL-2.0
/* Writing what was observed, whatever the format. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "show.h"

/**
 * totals_add - count pages
 * @totals: where to
 * @page: the pages, classified
 */
void totals_add(struct totals *totals, const struct page *page)
{
	totals->state[page->state] += page->pages;
	totals->all += page->pages;
	if (page_counts_in_swap(page))
		totals->swap += page->pages;
	if (page->state == PAGE_UNKNOWN)
		totals->at_least = true;
	if (!page_counts_in_rss(page))
		return;
	totals->rss += page->pages;
	if (!(page->entry & PM_FILE))
		totals->anonymous += page->pages;
}

/**
 * written - has all that was written just now been taken?
 * @out: where to
 *
 * Return: 0 or -errno.
 */
int written(FILE *out)
{
	return ferror(out) ? -(errno ?: EIO) : 0;
}

/**
 * write_escaped - write a name so that it stays on its line and in its place
 * @out: where to
 * @text: the name; control characters come out as octal
 */
void write_escaped(FILE *out, const char *text)
{
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		if (c < ' ' || c == 0x7f)
			fprintf(out, "\\%03o", c);
		else
			fputc(c, out);
	}
}

/* Bytes of the UTF-8 character at @text, 0 where there is no valid one. */
static size_t utf8_len(const unsigned char *text)
{
	size_t len = *text < 0x80 ? 1 : *text >= 0xc2 && *text < 0xe0 ? 2 :
		     *text >= 0xe0 && *text < 0xf0 ? 3 : *text >= 0xf0 && *text < 0xf5 ? 4 : 0;

	for (size_t i = 1; i < len; i++)
		if ((text[i] & 0xc0) != 0x80)
			return 0;
	/* Overlong forms, surrogates, and what is past the last character. */
	if ((*text == 0xe0 && text[1] < 0xa0) || (*text == 0xed && text[1] > 0x9f) ||
	    (*text == 0xf0 && text[1] < 0x90) || (*text == 0xf4 && text[1] > 0x8f))
		return 0;
	return len;
}

/**
 * write_json_string - write a string as JSON, quotes included
 * @out: where to
 * @text: the string; bytes that are no UTF-8 come out as U+FFFD
 */
void write_json_string(FILE *out, const char *text)
{
	const unsigned char *at = (const unsigned char *)text;

	fputc('"', out);
	while (*at) {
		size_t len = utf8_len(at);

		if (*at == '"' || *at == '\\')
			fprintf(out, "\\%c", *at);
		else if (*at < ' ' || *at == 0x7f)
			fprintf(out, "\\u%04x", *at);
		else if (len)
			fwrite(at, 1, len, out);
		else
			fputs("\\ufffd", out);
		at += len ? len : 1;
	}
	fputc('"', out);
}

static int end_row(struct show *show)
{
	int ret = show->row.pages ? show->ops->row(show) : 0;

	show->nr_rows += !!show->row.pages;
	show->row.pages = 0;
	return ret;
}

static int take_vma(void *arg, const struct vma *vma, enum vma_kind kind)
{
	struct show *show = arg;
	int ret = end_row(show) ?: vmalist_add(&show->vmas, vma);

	if (ret)
		return ret;
	show->nr_vmas++;
	return show->ops->vma(show, vma, kind);
}

static int take_page(void *arg, const struct page *page)
{
	struct show *show = arg;
	struct page *row = &show->row;
	int ret;

	totals_add(&show->totals, page);
	if (show->ops->page)
		return show->ops->page(show, page);
	if (row->pages && row->addr + row->pages * show->target->page == page->addr &&
	    page_alike(row, page)) {
		row->pages += page->pages;
		return 0;
	}
	ret = end_row(show);
	*row = *page;
	return ret;
}

/* New mappings carry the mark where the kernel has it, so one of ours tells. */
static bool tracks_soft_dirty(size_t page)
{
	void *addr = mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	uint64_t entry;

	if (addr == MAP_FAILED)
		return false;
	entry = pagemap_entry(0, addr);
	munmap(addr, page);
	return entry != ~0ULL && entry & PM_SOFT_DIRTY;
}

/* Columns of the terminal, and whether it may be colourful: no-color.org */
static void look_at_terminal(struct show *show)
{
	const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");
	struct winsize size;

	show->columns = 80;
	if (!isatty(fileno(show->out)))
		return;
	if (!ioctl(fileno(show->out), TIOCGWINSZ, &size) && size.ws_col)
		show->columns = size.ws_col;
	show->colour = !(no_color && *no_color) && !(term && !strcmp(term, "dumb"));
}

/**
 * show_init - get ready to write to standard output
 * @show: to be filled
 * @request: what was asked for
 * @target: the process
 * @walk: on it
 */
void show_init(struct show *show, const struct request *request, struct target *target,
	       struct walk *walk)
{
	*show = (struct show){
		.out = stdout, .request = request, .target = target, .walk = walk,
		.ops = request->format == FORMAT_JSON ? &json_ops :
		       request->format == FORMAT_MAP ? &map_ops : &text_ops,
		.soft_dirty = tracks_soft_dirty((size_t)target->page),
	};
	look_at_terminal(show);
}

/**
 * show_pages - walk and write
 * @show: how and where to
 * @range: what
 *
 * Return: how many mappings were shown; -ESRCH where the process was gone, or
 * was another program, before all was seen (what was written says so); or
 * another -errno.
 */
int show_pages(struct show *show, const struct walk_range *range)
{
	const struct walk_to to = { take_vma, take_page, show };
	enum target_fate fate;
	int ret;

	show->totals = (struct totals){ 0 };
	show->nr_vmas = 0;
	show->nr_rows = 0;
	show->row.pages = 0;
	if (show->ops->begin)
		show->ops->begin(show);
	ret = walk_pages(show->walk, range, &to);
	if (!ret || ret == -ESRCH)
		ret = end_row(show) ?: ret;
	if (!ret || ret == -ESRCH) {
		fate = target_fate(show->target);
		ret = show->ops->end(show, fate) ?: fate != TARGET_THERE ? -ESRCH :
		      show->nr_vmas > INT32_MAX ? INT32_MAX : (int)show->nr_vmas;
	}
	vmalist_free(&show->vmas);
	return ret;
}
