/* SPDX-License-Identifier: GPL-2.0 */
/* The object behind a mapping: what it holds, whoever maps it. */
#ifndef ANONMEM_OBSERVE_OBJECT_H
#define ANONMEM_OBSERVE_OBJECT_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

bool object_links_usable(void);
int object_open(pid_t pid, const void *start, size_t len);
int object_has_data(int fd, off_t offset);
int object_next_extent(int fd, off_t *start, off_t *end);
int memory_resident(const void *addr);

#endif /* ANONMEM_OBSERVE_OBJECT_H */
