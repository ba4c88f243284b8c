/* SPDX-License-Identifier: GPL-2.0 */
/* A task keeps reading from storage straight into the memory of the caller, who forks meanwhile. */
#ifndef ANONMEM_ACT_DIRECTIO_H
#define ANONMEM_ACT_DIRECTIO_H

#include <stdbool.h>
#include <stddef.h>

#include "worker.h"

#define DIRECT_PAGES	8

struct direct_reader {
	struct worker worker;
	int fd;
	char *addr;		/* DIRECT_PAGES; data comes to each one's second half */
	size_t half;
	unsigned int seed;	/* of the file's pattern */
	unsigned long lost;	/* bytes that were read and did not arrive */
};

bool direct_possible(void);
int direct_start(struct direct_reader *reader, void *addr);
int direct_stop(struct direct_reader *reader);

#endif /* ANONMEM_ACT_DIRECTIO_H */
