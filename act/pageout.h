/* SPDX-License-Identifier: GPL-2.0 */
/* Having the kernel reclaim pages of the caller. */
#ifndef ANONMEM_ACT_PAGEOUT_H
#define ANONMEM_ACT_PAGEOUT_H

#include <stddef.h>

int pageout(void *addr, size_t pages);
int lru_drain(void);
int pin_to_cpu(void);
int leave_cpu(void);

#endif /* ANONMEM_ACT_PAGEOUT_H */
