/* SPDX-License-Identifier: GPL-2.0 */
/* The kernel's several accounts of one mapping, held against each other. */
#ifndef ANONMEM_CLAIM_ACCOUNTS_H
#define ANONMEM_CLAIM_ACCOUNTS_H

#include "../act/range.h"
#include "scene.h"

const char *accounts_amiss(pid_t pid, const struct range *map);

/* Whatever the state of a mapping, its accounts agree. */
#define CLAIM_ACCOUNTS_AGREE(pid, map) \
	CLAIM_STREQ("", accounts_amiss(pid, map))

#endif /* ANONMEM_CLAIM_ACCOUNTS_H */
