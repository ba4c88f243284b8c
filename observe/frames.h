/* SPDX-License-Identifier: GPL-2.0 */
/* kpageflags and kpagecount for many frames at a time. */
#ifndef ANONMEM_OBSERVE_FRAMES_H
#define ANONMEM_OBSERVE_FRAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FRAMES_BATCH	8192

enum frames_what { FRAMES_FLAGS, FRAMES_COUNTS };

struct frames {
	bool readable;
	bool ksm_lies;		/* the kernel calls pages KSM that are not: left out */
	/* private */
	int fds[2];		/* by enum frames_what */
	uint32_t order[2][FRAMES_BATCH];
	uint64_t buf[FRAMES_BATCH];
};

void frames_open(struct frames *frames);
void frames_close(struct frames *frames);
int frames_ask(struct frames *frames, enum frames_what what, const uint64_t *pfns, size_t nr,
	       uint64_t *values);

#endif /* ANONMEM_OBSERVE_FRAMES_H */
