/* SPDX-License-Identifier: GPL-2.0 */
/* A task that keeps writing to the memory of the caller, from another CPU. */
#ifndef ANONMEM_ACT_WRITER_H
#define ANONMEM_ACT_WRITER_H

#include <stddef.h>
#include <sys/types.h>

struct writer {
	pid_t pid;
	char *stack;
	struct writer_state *state;
};

int writer_start(struct writer *writer, void *addr, size_t len, size_t words);
unsigned long writer_rounds(const struct writer *writer);
int writer_stop(struct writer *writer);

#endif /* ANONMEM_ACT_WRITER_H */
