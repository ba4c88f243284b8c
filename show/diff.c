// SPDX-License-Identifier: GPL-2.0
/* What changed between two walks, with the first kept in a file without a name. */
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../observe/pageline.h"
#include "show.h"

struct diff {
	struct show *show;
	FILE *before;
	struct page old;	/* next of the first walk; .pages 0: there is no more */
	/* the row being put together */
	uint64_t start, pages;
	char text[512], alone[512];
	uint64_t rows, changed;
};

static int record_page(void *arg, const struct page *page)
{
	struct diff *diff = arg;

	return fwrite(page, sizeof(*page), 1, diff->before) == 1 ? 0 : -ENOBUFS;
}

static void next_old(struct diff *diff)
{
	if (fread(&diff->old, sizeof(diff->old), 1, diff->before) != 1)
		diff->old.pages = 0;
}

static int write_row(struct diff *diff)
{
	uint64_t end = diff->start + diff->pages * diff->show->target->page;
	const char *text = diff->pages == 1 ? diff->alone : diff->text;
	FILE *out = diff->show->out;

	if (!diff->pages)
		return 0;
	if (diff->show->request->format == FORMAT_JSON) {
		fprintf(out, "%s\n {\"start\": \"0x%" PRIx64 "\", \"end\": \"0x%" PRIx64
			"\", \"pages\": %" PRIu64 ", \"change\": ", diff->rows ? "," : "",
			diff->start, end, diff->pages);
		write_json_string(out, text);
		fputc('}', out);
	} else {
		fprintf(out, "%012" PRIx64 "-%012" PRIx64 " %10" PRIu64 " page%s  %s\n",
			diff->start, end, diff->pages, diff->pages == 1 ? " " : "s", text);
	}
	diff->rows++;
	diff->pages = 0;
	return written(out);
}

/* The same change of neighbours is one row. */
static int add(struct diff *diff, uint64_t addr, uint64_t pages, const char *text,
	       const char *alone)
{
	uint64_t page = diff->show->target->page;
	int ret = 0;

	diff->changed += pages;
	if (diff->pages && diff->start + diff->pages * page == addr && !strcmp(diff->text, text)) {
		diff->pages += pages;
		return 0;
	}
	ret = write_row(diff);
	diff->start = addr;
	diff->pages = pages;
	snprintf(diff->text, sizeof(diff->text), "%s", text);
	snprintf(diff->alone, sizeof(diff->alone), "%s", alone);
	return ret;
}

/* Some pages out of the neighbours in @page. */
static struct page part(const struct diff *diff, const struct page *page, uint64_t addr,
			uint64_t pages)
{
	struct page some = *page;

	some.entry = page_entry_at(page, (addr - page->addr) / diff->show->target->page);
	some.addr = addr;
	some.pages = pages;
	return some;
}

static int compare(struct diff *diff, const struct page *page, uint64_t addr, uint64_t pages)
{
	struct page before = part(diff, &diff->old, addr, pages);
	struct page after = part(diff, page, addr, pages);
	char text[512], alone[512];

	pagediff_format(&before, &after, alone, sizeof(alone));
	if (!alone[0])
		return 0;
	after.pages = 2;
	pagediff_format(&before, &after, text, sizeof(text));
	return add(diff, addr, pages, text, alone);
}

static int one_sided(struct diff *diff, const char *what, const struct page *page,
		     uint64_t addr, uint64_t end)
{
	char text[128];

	snprintf(text, sizeof(text), "%s, %s", what, page_state_name(page->state));
	return add(diff, addr, (end - addr) / diff->show->target->page, text, text);
}

static uint64_t end_of(const struct diff *diff, const struct page *page)
{
	return page->addr + page->pages * diff->show->target->page;
}

/* Goes on to what the first walk has from @to on. */
static void drop_old(struct diff *diff, uint64_t to)
{
	uint64_t end = end_of(diff, &diff->old);

	if (to == end)
		next_old(diff);
	else
		diff->old = part(diff, &diff->old, to, (end - to) / diff->show->target->page);
}

/* Drops what lies before @addr from the first walk, which is mapped no more. */
static int unmapped_before(struct diff *diff, uint64_t addr)
{
	int ret = 0;

	while (!ret && diff->old.pages && diff->old.addr < addr) {
		uint64_t end = end_of(diff, &diff->old), to = end < addr ? end : addr;

		ret = one_sided(diff, "unmapped", &diff->old, diff->old.addr, to);
		drop_old(diff, to);
	}
	return ret;
}

static int compare_page(void *arg, const struct page *page)
{
	struct diff *diff = arg;
	uint64_t at = page->addr, end = end_of(diff, page);
	int ret = 0;

	for (uint64_t to; !ret && at < end; at = to) {
		bool both;

		ret = unmapped_before(diff, at);
		if (ret)
			break;
		both = diff->old.pages && diff->old.addr <= at;
		to = both ? end_of(diff, &diff->old) : diff->old.pages ? diff->old.addr : end;
		to = to < end ? to : end;
		if (!both) {
			ret = one_sided(diff, "mapped", page, at, to);
			continue;
		}
		ret = compare(diff, page, at, (to - at) / diff->show->target->page);
		drop_old(diff, to);
	}
	return ret;
}

/*
 * Runs the command, or waits for a line, for the end of input at the latest.
 * Returns what a shell would say of the command, or why it could not be run.
 */
static int between(const struct request *request)
{
	posix_spawn_file_actions_t to_stderr;
	int status, err, c;
	pid_t pid;

	if (!request->command) {
		fputs("findpage: looked once; press Enter to look again\n", stderr);
		while ((c = getchar()) != EOF && c != '\n')
			;
		return 0;
	}
	fflush(NULL);
	/* Whoever ignores it is not told of an exit status. */
	signal(SIGCHLD, SIG_DFL);
	posix_spawn_file_actions_init(&to_stderr);
	posix_spawn_file_actions_adddup2(&to_stderr, STDERR_FILENO, STDOUT_FILENO);
	/* Its output must not get into a document. */
	err = posix_spawnp(&pid, request->command[0],
			   request->format == FORMAT_JSON ? &to_stderr : NULL, NULL,
			   request->command, environ);
	posix_spawn_file_actions_destroy(&to_stderr);
	if (err)
		return -err;
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static int write_end(struct diff *diff, enum target_fate fate)
{
	struct show *show = diff->show;

	if (show->request->format == FORMAT_JSON) {
		fprintf(show->out, "],\n\"changed_pages\": %" PRIu64 ",\n", diff->changed);
		return write_json_fate(show, fate);
	}
	if (fate == TARGET_THERE)
		fprintf(show->out, "%" PRIu64 " pages have changed\n", diff->changed);
	else
		fprintf(show->out, "process %d %s in between: nothing is left to compare with\n",
			(int)show->target->pid,
			fate == TARGET_GONE ? "has exited" : "has run another program");
	return written(show->out);
}

static int second_look(struct diff *diff, const struct walk_range *range)
{
	const struct walk_to to = { NULL, compare_page, diff };
	enum target_fate fate;
	int ret = -ESRCH;

	rewind(diff->before);
	next_old(diff);
	if (diff->show->request->format == FORMAT_JSON) {
		write_json_head(diff->show);
		fputs("\"changes\": [", diff->show->out);
	}
	if (target_fate(diff->show->target) == TARGET_THERE)
		ret = walk_pages(diff->show->walk, range, &to);
	if (!ret)
		ret = unmapped_before(diff, UINT64_MAX);
	if (ret && ret != -ESRCH)
		return ret;
	if (!ret)
		ret = write_row(diff);
	fate = target_fate(diff->show->target);
	return write_end(diff, fate) ?: ret ?: fate == TARGET_THERE ? 0 : -ESRCH;
}

/**
 * show_diff - look, let something happen, look again, and write what changed
 * @show: how and where to
 * @range: what to look at
 *
 * What became of the command is in @show->command then.
 *
 * Return: 0; -ESRCH where the process was gone, or another program, by the
 * second look; -ENOENT where nothing of @range was mapped before; -ENOBUFS
 * where the first look could not be kept; or another -errno.
 */
int show_diff(struct show *show, const struct walk_range *range)
{
	struct diff diff = { .show = show, .before = tmpfile() };
	const struct walk_to to = { NULL, record_page, &diff };
	int ret;

	if (!diff.before)
		return -ENOBUFS;
	ret = walk_pages(show->walk, range, &to);
	if (!ret && ftell(diff.before) == 0)
		ret = -ENOENT;
	if (!ret && fflush(diff.before))
		ret = -ENOBUFS;
	if (!ret)
		show->command = between(show->request);
	if ((!ret && show->command >= 0) || ret == -ESRCH)
		ret = second_look(&diff, range);
	fclose(diff.before);
	return ret;
}
