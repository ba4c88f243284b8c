/* SPDX-License-Identifier: GPL-2.0 */
/* Pages of the caller are reclaimed here, which takes that they are on the LRU. */
#ifndef ANONMEM_ACT_PAGEOUT_H
#define ANONMEM_ACT_PAGEOUT_H

#include <stddef.h>

int pageout(void *addr, size_t pages);
int lru_drain(void);
int cpus_allowed(void);
int pin_to_cpu(void);
int leave_cpu(void);

#endif /* ANONMEM_ACT_PAGEOUT_H */
