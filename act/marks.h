/* SPDX-License-Identifier: GPL-2.0 */
/* Pages are marked here to tell later whether they were written: soft-dirty, write protection. */
#ifndef ANONMEM_ACT_MARKS_H
#define ANONMEM_ACT_MARKS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

int soft_dirty_clear(pid_t pid);
int uffd_watch_writes(void *addr, size_t len);
int uffd_write_protect(int fd, void *addr, size_t len, bool protect);
bool soft_dirty_tracked(void);
bool uffd_watches_shared(void);

#endif /* ANONMEM_ACT_MARKS_H */
