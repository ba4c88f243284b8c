/* SPDX-License-Identifier: GPL-2.0 */
/* Opening and reading whole files under /proc and /sys. */
#ifndef ANONMEM_OBSERVE_PROCFS_H
#define ANONMEM_OBSERVE_PROCFS_H

#include <stddef.h>
#include <sys/types.h>

int procfs_open(pid_t pid, const char *name, int flags);
int procfs_slurp(const char *path, char **text, size_t *len);
int procfs_slurp_pid(pid_t pid, const char *name, char **text);
int procfs_number(const char *path, unsigned long long *value);

#endif /* ANONMEM_OBSERVE_PROCFS_H */
