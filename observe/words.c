// SPDX-License-Identifier: GPL-2.0
/* Text put together piece by piece, cut to fit. */
#include <stdarg.h>
#include <stdio.h>

#include "words.h"

static size_t end_of(const struct words *words)
{
	return (size_t)words->used < words->size ? (size_t)words->used : words->size;
}

/**
 * say - add a piece of text
 * @words: what there is so far
 * @format: of printf(3)
 *
 * What does not fit is cut, and counted in @words all the same.
 */
void say(struct words *words, const char *format, ...)
{
	size_t at = end_of(words);
	va_list args;

	if (words->used) {
		words->used += snprintf(words->text + at, words->size - at, "%s", words->between);
		at = end_of(words);
	}
	va_start(args, format);
	words->used += vsnprintf(words->text + at, words->size - at, format, args);
	va_end(args);
}
