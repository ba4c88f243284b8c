/* SPDX-License-Identifier: GPL-2.0 */
/* A case has the machine offer transparent huge pages by this, for its length. */
#ifndef ANONMEM_BORROW_THP_H
#define ANONMEM_BORROW_THP_H

#include <stdbool.h>
#include <stddef.h>

/* More would not fit small machines: 64 KiB pages make huge ones of 512 MiB. */
#define THP_MOST_BYTES	(4 << 20)

struct settings;

size_t thp_pmd_size(void);
size_t thp_next_size(size_t than);
bool thp_enable(struct settings *settings);
bool thp_enable_size(struct settings *settings, size_t size);
bool thp_enable_all_sizes(struct settings *settings);
bool thp_zero_enable(struct settings *settings);
bool thp_shmem_enable(struct settings *settings);

#endif /* ANONMEM_BORROW_THP_H */
