/* SPDX-License-Identifier: GPL-2.0 */
/* What the user of findpage has asked for. */
#ifndef ANONMEM_SHOW_REQUEST_H
#define ANONMEM_SHOW_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum format {
	FORMAT_TEXT,
	FORMAT_MAP,
	FORMAT_JSON,
};

enum where {
	WHERE_ALL,
	WHERE_ADDRESS,
	WHERE_RANGE,
	WHERE_NAME,
};

struct request {
	bool help;
	bool diff;
	enum format format;
	long watch_ms;		/* 0: once */
	pid_t pid;
	enum where where;
	uint64_t start, end;	/* bytes; of an address only start */
	const char *name;
	char **command;		/* of --diff, NULL: wait for a line instead */
};

int request_parse(struct request *request, int argc, char **argv, char *error, size_t size);

#endif /* ANONMEM_SHOW_REQUEST_H */
