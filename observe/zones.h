/* SPDX-License-Identifier: GPL-2.0 */
/* The free memory of each zone, in blocks: /proc/zoneinfo and pagetypeinfo. */
#ifndef ANONMEM_OBSERVE_ZONES_H
#define ANONMEM_OBSERVE_ZONES_H

#include <stdbool.h>
#include <stddef.h>

bool zones_have_blocks(size_t size);

#endif /* ANONMEM_OBSERVE_ZONES_H */
