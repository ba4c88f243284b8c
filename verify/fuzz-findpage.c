// SPDX-License-Identifier: GPL-2.0
/*
 * Everything findpage takes apart that somebody else has written: arguments
 * and lines of maps.  For libFuzzer; the first byte chooses, findpage.sh builds
 * and runs it.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../observe/maps.h"
#include "../show/request.h"

#define ARGS	8

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(int true_, const char *what)
{
	if (!true_) {
		fprintf(stderr, "fuzz-findpage: %s\n", what);
		abort();
	}
}

/* What was accepted must be what the rest of the program relies on. */
static void check_request(const struct request *request)
{
	if (request->help)
		return;
	must(request->pid > 0, "a pid that is none");
	must(request->where != WHERE_RANGE || request->start < request->end, "an empty range");
	must(request->where != WHERE_NAME || *request->name, "an empty name");
	must(!request->command || (request->diff && *request->command), "a stray command");
	must(request->watch_ms >= 0 && request->watch_ms <= 86400000, "a strange pause");
}

/* The input as arguments, one a NUL or newline. */
static void fuzz_request(const char *text)
{
	char *copy = strdup(text), *argv[ARGS + 2] = { "findpage" }, *at = copy;
	struct request request;
	char error[256] = "";
	int argc = 1;

	while (at && argc <= ARGS)
		argv[argc++] = strsep(&at, "\n");
	if (!request_parse(&request, argc, argv, error, sizeof(error)))
		check_request(&request);
	else
		must(error[0] && !strchr(error, '\n'), "an error that is not one line");
	free(copy);
}

static int take(void *arg, const struct vma *vma)
{
	must(vma->start < vma->end, "a mapping of nothing");
	must(strlen(vma->perms) == 4, "permissions of another length");
	vma_is_named(vma, vma->name);
	vma_is_named(vma, arg);
	vma_is_shared(vma);
	return 0;
}

static void fuzz_maps(const char *text, size_t size)
{
	static int fd = -1;

	if (fd < 0)
		fd = memfd_create("fuzz", 0);
	must(!ftruncate(fd, 0) && pwrite(fd, text, size, 0) == (ssize_t)size, "no room");
	maps_each(fd, take, "a\nname");
}

static void fuzz_line(const char *text)
{
	struct vma vma;

	if (!maps_parse(text, &vma))
		take("[heap]", &vma);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text;

	if (!size)
		return 0;
	text = malloc(size);
	memcpy(text, data + 1, size - 1);
	text[size - 1] = '\0';
	switch (data[0] % 3) {
	case 0:
		fuzz_request(text);
		break;
	case 1:
		fuzz_line(text);
		break;
	default:
		fuzz_maps(text, size - 1);
		break;
	}
	free(text);
	return 0;
}
