/* SPDX-License-Identifier: GPL-2.0 */
/* The memory cgroup that a frame is charged to, by name. */
#ifndef ANONMEM_OBSERVE_CGROUP_H
#define ANONMEM_OBSERVE_CGROUP_H

#include <stddef.h>
#include <stdint.h>

int cgroup_path(uint64_t inode, char *path, size_t size);

#endif /* ANONMEM_OBSERVE_CGROUP_H */
