/* SPDX-License-Identifier: GPL-2.0 */
/* Waiting for what nothing announces, never for ever. */
#ifndef ANONMEM_OBSERVE_PATIENCE_H
#define ANONMEM_OBSERVE_PATIENCE_H

#include <stdbool.h>
#include <time.h>

/* In milliseconds. */
static inline long long patience_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

/**
 * patience_until - set a deadline
 * @ms: milliseconds from now
 *
 * Return: the deadline, for patience_left().
 */
static inline long long patience_until(int ms)
{
	return patience_now() + ms;
}

/**
 * patience_left - pause before another try, or give up
 * @deadline: from patience_until()
 *
 * Return: true after a quarter of a millisecond, false once the deadline has passed.
 */
static inline bool patience_left(long long deadline)
{
	const struct timespec pause = { .tv_nsec = 250000 };

	if (patience_now() >= deadline)
		return false;
	nanosleep(&pause, NULL);
	return true;
}

#endif /* ANONMEM_OBSERVE_PATIENCE_H */
