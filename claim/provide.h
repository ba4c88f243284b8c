/* SPDX-License-Identifier: GPL-2.0 */
/* What a program brings along for all of its cases: swap, and file systems. */
#ifndef ANONMEM_CLAIM_PROVIDE_H
#define ANONMEM_CLAIM_PROVIDE_H

#include <stdbool.h>

#include "../borrow/ownfs.h"
#include "../borrow/swaparea.h"

void provide_swap_and_stay(void);
void provide_filesystems(void);
bool provided_swap(void);
bool provided_filesystem(enum ownfs_kind kind);
const struct swaparea *provided_area(void);

#endif /* ANONMEM_CLAIM_PROVIDE_H */
