/* SPDX-License-Identifier: GPL-2.0 */
/* /proc/swaps: the swap areas of the machine. */
#ifndef ANONMEM_OBSERVE_SWAPS_H
#define ANONMEM_OBSERVE_SWAPS_H

#include <stddef.h>
#include <sys/types.h>

struct swap_area {
	char path[4096];	/* as /proc/swaps names it: blanks as \040 */
	size_t size;		/* in bytes, without the header page */
	size_t used;		/* in bytes */
};

ssize_t swaps_read(struct swap_area *areas, size_t max);

#endif /* ANONMEM_OBSERVE_SWAPS_H */
