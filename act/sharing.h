/* SPDX-License-Identifier: GPL-2.0 */
/* Memory is mapped here that processes share and that no file system names, or private memory. */
#ifndef ANONMEM_ACT_SHARING_H
#define ANONMEM_ACT_SHARING_H

#include "range.h"

enum sharing {
	SHARE_NOT,		/* private anonymous memory, for comparison */
	SHARE_ANONYMOUS,	/* mmap(2), MAP_SHARED | MAP_ANONYMOUS */
	SHARE_MEMFD,		/* memfd_create(2) */
	SHARE_DEV_ZERO,		/* MAP_SHARED of /dev/zero, see zero(4) */
	SHARE_SYSV,		/* shmget(2) */
	NR_SHARINGS
};

const char *sharing_name(enum sharing how);
int sharing_sysv_ready(void);
int sharing_place(enum sharing how, void *addr, size_t len);
int map_sharing(struct range *map, size_t pages, enum sharing how);
int map_shmem_thp(struct range *map, enum sharing how);
int map_touched_shmem_thp(struct range *map, enum sharing how);
int map_duplicate(struct range *map, const struct range *of);

#endif /* ANONMEM_ACT_SHARING_H */
