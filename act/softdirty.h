/* SPDX-License-Identifier: GPL-2.0 */
/* Starting to watch which pages get written. */
#ifndef ANONMEM_ACT_SOFTDIRTY_H
#define ANONMEM_ACT_SOFTDIRTY_H

#include <sys/types.h>

int soft_dirty_clear(pid_t pid);

#endif /* ANONMEM_ACT_SOFTDIRTY_H */
