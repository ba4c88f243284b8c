/* SPDX-License-Identifier: GPL-2.0 */
/* Memory cgroups: which one a frame is charged to, and what that of the caller leaves. */
#ifndef ANONMEM_OBSERVE_CGROUP_H
#define ANONMEM_OBSERVE_CGROUP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

int cgroup_mount(bool whole, char *mount, size_t size);
int cgroup_path(uint64_t inode, char *path, size_t size);
bool cgroup_is_uppermost(void);
long long cgroup_memory_left(void);
int cgroup_lets_swap(long long room);

#endif /* ANONMEM_OBSERVE_CGROUP_H */
