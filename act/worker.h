/* SPDX-License-Identifier: GPL-2.0 */
/* A task does one thing to the memory of the caller over and over, from another CPU. */
#ifndef ANONMEM_ACT_WORKER_H
#define ANONMEM_ACT_WORKER_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/*
 * What a worker does; @round counts from 1. It may not use what is the caller's
 * alone, such as errno. Where it returns false, the worker ends.
 */
typedef bool (*work_fn)(void *arg, unsigned long round);

struct worker {
	pid_t pid;
	struct worker_state *state;
};

int worker_start(struct worker *worker, work_fn work, void *arg);
unsigned long worker_rounds(const struct worker *worker);
int worker_await(const struct worker *worker, unsigned long rounds);
int worker_stop(struct worker *worker);

/* Words at equal distances, and what stores the number of the round in each. */
struct words {
	char *addr;
	size_t step;		/* in bytes, of whole words */
	size_t count;
};

bool write_words(void *words, unsigned long round);

#endif /* ANONMEM_ACT_WORKER_H */
