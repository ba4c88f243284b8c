// SPDX-License-Identifier: GPL-2.0
/* Loads and stores that may fault, and patterns that are hard to mistake. */
#include <setjmp.h>
#include <signal.h>
#include <string.h>

#include "access.h"

static sigjmp_buf faulted;
static volatile sig_atomic_t expected;

/* A fault that nobody expects kills, when the instruction is run again. */
static void on_fault(int number)
{
	if (expected)
		siglongjmp(faulted, number);
	signal(number, SIG_DFL);
}

/*
 * Once for a process and what it forks: tests make thousands of accesses.  No
 * signal is blocked meanwhile, so there is no mask to be saved and set again.
 */
static void catch_faults(void)
{
	const struct sigaction catch = { .sa_handler = on_fault, .sa_flags = SA_NODEFER };
	static bool caught;

	if (caught)
		return;
	sigaction(SIGSEGV, &catch, NULL);
	sigaction(SIGBUS, &catch, NULL);
	caught = true;
}

static int guarded(volatile uint8_t *addr, int byte)
{
	volatile int ret = 0;
	int number;

	catch_faults();
	number = sigsetjmp(faulted, 0);
	if (number) {
		ret = FAULTED(number);
	} else {
		expected = 1;
		if (byte < 0)
			ret = *addr;
		else
			*addr = (uint8_t)byte;
	}
	expected = 0;
	return ret;
}

/**
 * load - read one byte
 * @addr: where
 *
 * Return: the byte, or FAULTED(SIGSEGV) or FAULTED(SIGBUS).
 */
int load(const void *addr)
{
	return guarded((volatile uint8_t *)addr, -1);
}

/**
 * store - write one byte
 * @addr: where
 * @byte: what
 *
 * Return: 0, or FAULTED(SIGSEGV) or FAULTED(SIGBUS).
 */
int store(void *addr, uint8_t byte)
{
	return guarded(addr, byte);
}

/*
 * A pattern is made a run at a time, for megabytes are wanted.  No run begins
 * like another, and the words that follow are a step apart: what a compiler can
 * work out side by side.
 */
#define RUN_WORDS	64
#define RUN		(RUN_WORDS * sizeof(uint32_t))
#define STEP		2654435761U

static uint32_t first_word(size_t run, unsigned int seed)
{
	uint32_t x = (uint32_t)run * STEP ^ (seed + 1) * 2246822519U;

	x ^= x >> 15;
	x *= 739982445U;
	return x ^ x >> 12;
}

/* Four bytes of a pattern, none of them 0. */
static uint32_t later_word(uint32_t first, uint32_t i)
{
	return (first + i * STEP) | 0x01010101;
}

static void make_run(uint32_t words[RUN_WORDS], size_t run, unsigned int seed)
{
	uint32_t first = first_word(run, seed);

	for (uint32_t i = 0; i < RUN_WORDS; i++)
		words[i] = later_word(first, i);
}

/**
 * pattern_byte - one byte of a pattern
 * @offset: in bytes from the pattern's start
 * @seed: which pattern
 *
 * No two pages of a pattern are alike, none is uniform, so that a page that
 * is misplaced, merged or kept as "all the same value" is told from the right
 * one.  Never 0: a byte that was lost is told from one that was written.
 *
 * Return: 1 to 255.
 */
uint8_t pattern_byte(size_t offset, unsigned int seed)
{
	uint32_t word = later_word(first_word(offset / RUN, seed), offset % RUN / 4);

	return ((const uint8_t *)&word)[offset % 4];
}

/* How much of a part that starts at @offset lies in the run that this is in. */
static size_t part_of_run(size_t offset, size_t len)
{
	size_t part = RUN - offset % RUN;

	return part < len ? part : len;
}

/**
 * pattern_fill_part - write a part of a pattern
 * @addr: where the part starts
 * @offset: what precedes it in the pattern, in bytes
 * @len: its length in bytes
 * @seed: which pattern
 */
void pattern_fill_part(void *addr, size_t offset, size_t len, unsigned int seed)
{
	uint32_t words[RUN_WORDS];
	char *at = addr;

	for (size_t part; len; at += part, offset += part, len -= part) {
		part = part_of_run(offset, len);
		make_run(words, offset / RUN, seed);
		memcpy(at, (const char *)words + offset % RUN, part);
	}
}

/**
 * pattern_diff_part - compare memory with a part of a pattern
 * @addr: where the part should start
 * @offset: what precedes it in the pattern, in bytes
 * @len: its length in bytes
 * @seed: which pattern
 *
 * Return: the number of bytes that differ.
 */
size_t pattern_diff_part(const void *addr, size_t offset, size_t len, unsigned int seed)
{
	uint32_t words[RUN_WORDS];
	const char *at = addr;
	size_t diff = 0;

	for (size_t part; len; at += part, offset += part, len -= part) {
		const char *run = (const char *)words + offset % RUN;

		part = part_of_run(offset, len);
		make_run(words, offset / RUN, seed);
		if (!memcmp(at, run, part))
			continue;
		for (size_t i = 0; i < part; i++)
			diff += at[i] != run[i];
	}
	return diff;
}

/**
 * pattern_lost - look for what is neither a pattern's nor zero
 * @addr: where the pattern should start
 * @len: its length in bytes
 * @seed: which pattern
 *
 * Return: the number of bytes that are neither.
 */
size_t pattern_lost(const void *addr, size_t len, unsigned int seed)
{
	const uint8_t *bytes = addr;
	size_t lost = 0;

	if (!pattern_diff(addr, len, seed))
		return 0;
	for (size_t i = 0; i < len; i++)
		lost += bytes[i] && bytes[i] != pattern_byte(i, seed);
	return lost;
}

/**
 * all_zero - is memory zero in every byte?
 * @addr: where it starts
 * @len: its length in bytes
 */
bool all_zero(const void *addr, size_t len)
{
	const char *byte = addr;

	return !len || (!byte[0] && !memcmp(byte, byte + 1, len - 1));
}
