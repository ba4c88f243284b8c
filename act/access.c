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

/* Four bytes of a pattern: megabytes of it are wanted, so none is worked out alone. */
static uint32_t pattern_word(size_t word, unsigned int seed)
{
	uint32_t x = (uint32_t)word * 2654435761U ^ (seed + 1) * 2246822519U;

	x ^= x >> 15;
	x *= 739982445U;
	return x ^ x >> 12;
}

static uint8_t byte_of(uint32_t word, size_t offset)
{
	uint8_t byte = (uint8_t)(word >> 8 * (offset % 4));

	return byte ? byte : 0xa5;
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
	return byte_of(pattern_word(offset / 4, seed), offset);
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
	uint32_t word = pattern_word(offset / 4, seed);

	for (size_t i = 0; i < len; i++) {
		if (!((offset + i) % 4))
			word = pattern_word((offset + i) / 4, seed);
		((volatile uint8_t *)addr)[i] = byte_of(word, offset + i);
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
	uint32_t word = 0;
	size_t diff = 0;

	for (size_t i = 0; i < len; i++) {
		if (!(i % 4))
			word = pattern_word(i / 4, seed);
		diff += ((const volatile uint8_t *)addr)[i] != byte_of(word, i);
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
