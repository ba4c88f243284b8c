/* SPDX-License-Identifier: GPL-2.0 */
/* /proc/PID/maps, one VMA at a time and in constant memory. */
#ifndef ANONMEM_OBSERVE_MAPS_H
#define ANONMEM_OBSERVE_MAPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One line of maps; addresses are 64 bits wide whoever looks at whom. */
struct vma {
	uint64_t start;		/* bytes */
	uint64_t end;
	uint64_t offset;	/* of start in the object, bytes */
	uint64_t inode;
	unsigned int major, minor;
	char perms[5];
	const char *name;	/* as maps writes it: a newline is \012 */
};

/* Returns 0 to go on; anything else ends the pass and becomes its result. */
typedef int (*vma_fn)(void *arg, const struct vma *vma);

int maps_parse(const char *line, struct vma *vma);
int maps_each(int fd, vma_fn take, void *arg);
bool vma_is_named(const struct vma *vma, const char *name);

/* Is it mapped MAP_SHARED? */
static inline bool vma_is_shared(const struct vma *vma)
{
	return vma->perms[3] == 's';
}

#endif /* ANONMEM_OBSERVE_MAPS_H */
