/* SPDX-License-Identifier: GPL-2.0 */
/* Text put together piece by piece, cut to fit. */
#ifndef ANONMEM_OBSERVE_WORDS_H
#define ANONMEM_OBSERVE_WORDS_H

#include <stddef.h>

struct words {
	char *text;
	size_t size;		/* of text, in bytes */
	const char *between;	/* what parts one piece from the next, may be "" */
	int used;		/* the length that the whole text has, as snprintf() */
};

__attribute__((format(printf, 2, 3)))
void say(struct words *words, const char *format, ...);

#endif /* ANONMEM_OBSERVE_WORDS_H */
