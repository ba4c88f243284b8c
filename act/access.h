/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Tests load and store by these, which tell of a fault, and fill memory by patterns that nothing
 * else looks like.
 */
#ifndef ANONMEM_ACT_ACCESS_H
#define ANONMEM_ACT_ACCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What an access returns when the kernel answers it with a signal. */
#define FAULTED(signal)	(-(4096 + (signal)))

int load(const void *addr);
int store(void *addr, uint8_t byte);

void pattern_fill_part(void *addr, size_t offset, size_t len, unsigned int seed);
size_t pattern_diff_part(const void *addr, size_t offset, size_t len, unsigned int seed);
size_t pattern_lost(const void *addr, size_t len, unsigned int seed);
uint8_t pattern_byte(size_t offset, unsigned int seed);
bool all_zero(const void *addr, size_t len);

/* The same from the start of the pattern on. */
static inline void pattern_fill(void *addr, size_t len, unsigned int seed)
{
	pattern_fill_part(addr, 0, len, seed);
}

static inline size_t pattern_diff(const void *addr, size_t len, unsigned int seed)
{
	return pattern_diff_part(addr, 0, len, seed);
}

#endif /* ANONMEM_ACT_ACCESS_H */
