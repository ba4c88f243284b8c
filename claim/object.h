/* SPDX-License-Identifier: GPL-2.0 */
/* One object of shared memory as several processes map it. */
#ifndef ANONMEM_CLAIM_OBJECT_H
#define ANONMEM_CLAIM_OBJECT_H

#include <stddef.h>

#include "../act/peer.h"
#include "../act/range.h"
#include "scene.h"

const char *object_amiss(const struct range *map, const struct peer *const mappers[], size_t n);

/*
 * All who map an object, NULL for the caller, map the same frames of it, and
 * what the kernel says of each page and of each mapping follows from that.
 */
#define CLAIM_OBJECT(map, ...)							\
	do {									\
		const struct peer *const mappers[] = { __VA_ARGS__ };		\
										\
		CLAIM_STREQ("", object_amiss(map, mappers,			\
					     sizeof(mappers) / sizeof(*mappers))); \
	} while (0)

#endif /* ANONMEM_CLAIM_OBJECT_H */
