/* SPDX-License-Identifier: GPL-2.0 */
/* A task that keeps writing to the memory of the caller, from another CPU. */
#ifndef ANONMEM_ACT_WRITER_H
#define ANONMEM_ACT_WRITER_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct writer {
	pid_t pid;
	char *addr;
	size_t step;
	size_t words;
	bool stop;
	unsigned long rounds;	/* how often each word was written */
	char *stack;
};

int writer_start(struct writer *writer, void *addr, size_t len, size_t words);
int writer_stop(struct writer *writer);

#endif /* ANONMEM_ACT_WRITER_H */
