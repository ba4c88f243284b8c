// SPDX-License-Identifier: GPL-2.0
/*
 * findpage: what is behind this address?
 *
 * Says of each page of a process what the kernel has there, and which of its
 * interfaces said so, without changing what it looks at.  See findpage.1.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "show/request.h"
#include "show/show.h"

#define EXIT_CHANGED	1	/* the process was gone or different before all was seen */
#define EXIT_BAD	2	/* nothing could be shown */
#define EXIT_NOT_RUN	126	/* as shells have it */
#define EXIT_NOT_FOUND	127

static void usage(void)
{
	fputs("usage: findpage [--json | --map] [--watch SECONDS] PID [ADDR | START-END | NAME]\n"
	      "       findpage --diff [--json] PID [START-END | NAME] [-- COMMAND [ARG...]]\n"
	      "\n"
	      "Says what is behind the addresses of a process: one page in full, or runs of\n"
	      "pages of which the same is true.  ADDR, START and END are hexadecimal, NAME is\n"
	      "that of a mapping, such as [heap].  Nothing that is looked at is changed.\n"
	      "\n"
	      "  --json   write one JSON document\n"
	      "  --map    draw one character a page\n"
	      "  --watch  look again every so often\n"
	      "  --diff   look, run COMMAND or wait for Enter, and say what has changed\n", stdout);
}

__attribute__((format(printf, 1, 2)))
static int complain(const char *format, ...)
{
	va_list args;

	fflush(stdout);
	fputs("findpage: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	return EXIT_BAD;
}

/* Why not all could be shown. */
static int complain_about(const struct show *show, int err)
{
	int pid = show->request->pid;

	if (ferror(show->out))
		return complain("cannot write: %s", strerror(-err));
	if (err == -ESRCH)
		return complain("process %d has just exited or run another program", pid);
	if (err == -ENOBUFS)
		return complain("cannot keep the first look in a temporary file");
	if (err == -EPROTO)
		return complain("gave up on process %d: that would never end, which is a bug", pid);
	return complain("cannot look at process %d: %s", pid, strerror(-err));
}

struct find {
	struct show *show;
	uint64_t addr;
	struct page page;
	enum target_fate fate;
	int ret;
};

static int find_page(void *arg, const struct vma *vma)
{
	struct find *find = arg;
	struct show *show = find->show;

	if (find->addr < vma->start)
		return -ENOENT;
	if (find->addr >= vma->end)
		return 0;
	find->ret = walk_one(show->walk, vma, find->addr, &find->page);
	find->fate = target_fate(show->target);
	if (!find->ret)
		find->ret = vmalist_add(&show->vmas, vma) ?:
			    show->ops->one(show, vma, &find->page, find->fate);
	return 1;
}

static int gone_meanwhile(void *arg, uint64_t start, uint64_t end)
{
	(void)arg;
	(void)start;
	(void)end;
	return 1;
}

/* Everything about one page. */
static int show_one(struct show *show)
{
	const struct request *request = show->request;
	uint64_t page = show->target->page;
	struct find find = { .show = show, .addr = request->start / page * page };
	bool changed;
	int found;

	found = maps_each(show->target->maps, find_page, &find);
	if (found != 1 && target_fate(show->target) != TARGET_THERE)
		return complain_about(show, -ESRCH);
	if (found != 1 && !target_spans(show->target, request->start))
		return complain("0x%" PRIx64 " is outside of the address space of process %d",
				request->start, request->pid);
	if (found != 1)
		return complain("nothing is mapped at 0x%" PRIx64 " in process %d", request->start,
				request->pid);
	if (find.ret)
		return complain_about(show, find.ret);
	if (find.fate != TARGET_THERE)
		return EXIT_CHANGED;
	/* The mapping may have gone while its page was looked at. */
	changed = vmalist_changed(&show->vmas, show->target->maps, gone_meanwhile, NULL) == 1;
	vmalist_free(&show->vmas);
	if (changed)
		complain("the mapping has changed meanwhile");
	return changed ? EXIT_CHANGED : 0;
}

static int show_range(struct show *show)
{
	const struct request *request = show->request;
	struct walk_range range = { .end = UINT64_MAX };
	int ret;

	if (request->where == WHERE_RANGE || request->where == WHERE_ADDRESS) {
		range.start = request->start / show->target->page * show->target->page;
		range.end = request->where == WHERE_RANGE ? request->end :
			    range.start + show->target->page;
	}
	if (request->where == WHERE_NAME)
		range.name = request->name;
	ret = request->diff ? show_diff(show, &range) : show_pages(show, &range);
	if ((!ret && !request->diff) || ret == -ENOENT)
		return complain(request->where == WHERE_NAME ?
				"process %d has no mapping of that name" :
				"nothing is mapped there in process %d", request->pid);
	if (ret == -ESRCH)
		return EXIT_CHANGED;
	if (ret < 0)
		return complain_about(show, ret);
	if (show->command < 0) {
		complain("cannot run %s: %s", request->command[0], strerror(-show->command));
		return show->command == -ENOENT ? EXIT_NOT_FOUND : EXIT_NOT_RUN;
	}
	return show->command;
}

static int show_once(struct show *show)
{
	return show->request->where == WHERE_ADDRESS && !show->request->diff ? show_one(show) :
	       show_range(show);
}

/* Results that are lost are a failure, and a failure is one line. */
static int flush(int ret)
{
	errno = 0;
	if (ret == EXIT_BAD || (!fflush(stdout) && !ferror(stdout)))
		return ret;
	return complain("cannot write: %s", errno ? strerror(errno) : "output is missing");
}

/* Until the process is gone or the user has seen enough. */
static int watch(struct show *show)
{
	const struct timespec pause = {
		.tv_sec = show->request->watch_ms / 1000,
		.tv_nsec = show->request->watch_ms % 1000 * 1000000,
	};
	bool execed = false;
	const char *why;
	int ret;

	for (;;) {
		if (show->colour)
			fputs("\033[H\033[J", stdout);
		if (execed)
			printf("process %d has run another program, which is looked at since\n",
			       show->request->pid);
		/* On a terminal, where each look wipes the last one, it stays. */
		execed = execed && show->colour;
		ret = flush(show_once(show));
		if (ret == EXIT_BAD &&
		    (ferror(stdout) || target_fate(show->target) != TARGET_EXECED))
			return ret;
		nanosleep(&pause, NULL);
		execed |= target_fate(show->target) == TARGET_EXECED;
		if (target_reopen(show->target, &why)) {
			complain("process %d: %s", show->request->pid, why);
			return EXIT_CHANGED;
		}
	}
}

static int run(const struct request *request)
{
	struct target target;
	struct walk *walk;
	struct show show;
	const char *why;
	uint64_t odd;
	int ret;

	if (target_open(&target, request->pid, &why))
		return complain("process %d: %s", request->pid, why);
	odd = request->start % target.page ? request->start : request->end;
	if (request->where == WHERE_RANGE && odd % target.page) {
		ret = complain("0x%" PRIx64 " is no page boundary: ranges are whole pages of %"
			       PRIu64 " bytes", odd, target.page);
	} else if (request->where == WHERE_RANGE && !target_spans(&target, request->end - 1)) {
		ret = complain("0x%" PRIx64 " is outside of the address space of process %d",
			       request->end, request->pid);
	} else if (walk_open(&walk, &target)) {
		ret = complain("out of memory");
	} else {
		show_init(&show, request, &target, walk);
		ret = request->watch_ms ? watch(&show) : show_once(&show);
		walk_close(walk);
	}
	target_close(&target);
	return ret;
}

int main(int argc, char **argv)
{
	struct request request;
	char error[256];
	int ret = 0;

	/* Before something else gets its number. */
	if (fcntl(STDOUT_FILENO, F_GETFD) < 0)
		return complain("cannot write: standard output is closed");
	if (request_parse(&request, argc, argv, error, sizeof(error)))
		return complain("%s", error);
	if (request.help)
		usage();
	else
		ret = run(&request);
	return flush(ret);
}
