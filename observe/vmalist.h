/* SPDX-License-Identifier: GPL-2.0 */
/* The mappings a walk has come by, to see afterwards which have changed. */
#ifndef ANONMEM_OBSERVE_VMALIST_H
#define ANONMEM_OBSERVE_VMALIST_H

#include <stddef.h>
#include <stdint.h>

#include "maps.h"

struct vmalist {
	struct vmalist_item {
		uint64_t start, end;
		uint64_t rest;	/* a digest of what else the line says */
	} *items;
	size_t nr, room;
};

int vmalist_add(struct vmalist *list, const struct vma *vma);
int vmalist_changed(const struct vmalist *list, int fd,
		    int (*take)(void *arg, uint64_t start, uint64_t end), void *arg);
void vmalist_free(struct vmalist *list);

#endif /* ANONMEM_OBSERVE_VMALIST_H */
