/* SPDX-License-Identifier: GPL-2.0 */
/* Opening and reading whole files under /proc and /sys. */
#ifndef ANONMEM_OBSERVE_PROCFS_H
#define ANONMEM_OBSERVE_PROCFS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* A file of lines, as far as it was read; only @fd is set before the first. */
struct procfs_lines {
	int fd;
	int err;		/* -errno where reading failed */
	/* private */
	char buf[4096 + 512];	/* a line of maps is as long as a path at most */
	size_t at, used;
	bool ended;
};

int procfs_open(pid_t pid, const char *name, int flags);
ssize_t procfs_pread(int fd, void *buf, size_t len, uint64_t at);
int procfs_slurp(const char *path, char **text, size_t *len);
int procfs_slurp_pid(pid_t pid, const char *name, char **text);
char *procfs_next_line(struct procfs_lines *lines);
int procfs_number(const char *path, unsigned long long *value);

#endif /* ANONMEM_OBSERVE_PROCFS_H */
