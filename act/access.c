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
 * Four bytes of a pattern, none of them 0.  Megabytes are wanted, so they are
 * worked out, written and compared as a word where no end of the part is in it.
 */
static uint32_t pattern_word(size_t word, unsigned int seed)
{
	uint32_t x = (uint32_t)word * 2654435761U ^ (seed + 1) * 2246822519U;

	x ^= x >> 15;
	x *= 739982445U;
	return (x ^ x >> 12) | 0x01010101;
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
	uint32_t word = pattern_word(offset / 4, seed);

	return ((const uint8_t *)&word)[offset % 4];
}

/* How much of the pattern from @offset on is in the word that is there. */
static size_t part_of_word(size_t offset, size_t len)
{
	size_t part = sizeof(uint32_t) - offset % 4;

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
	char *at = addr;

	for (size_t part; len; at += part, offset += part, len -= part) {
		uint32_t word = pattern_word(offset / 4, seed);

		part = part_of_word(offset, len);
		if (part == sizeof(word))
			memcpy(at, &word, sizeof(word));
		else
			memcpy(at, (const char *)&word + offset % 4, part);
	}
}

/**
 * pattern_fill - write a pattern
 * @addr: where it starts
 * @len: its length in bytes
 * @seed: which pattern
 */
void pattern_fill(void *addr, size_t len, unsigned int seed)
{
	pattern_fill_part(addr, 0, len, seed);
}

/**
 * pattern_diff - compare memory with a pattern
 * @addr: where the pattern should start
 * @len: its length in bytes
 * @seed: which pattern
 *
 * Return: the number of bytes that differ.
 */
size_t pattern_diff(const void *addr, size_t len, unsigned int seed)
{
	const uint8_t *at = addr;
	size_t diff = 0;

	for (size_t i = 0, part; i < len; i += part) {
		uint32_t word = pattern_word(i / 4, seed), seen;

		part = part_of_word(i, len - i);
		seen = word;
		memcpy(&seen, at + i, part);
		for (size_t b = 0; seen != word && b < part; b++)
			diff += ((uint8_t *)&seen)[b] != ((uint8_t *)&word)[b];
	}
	return diff;
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
