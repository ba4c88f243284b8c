/* SPDX-License-Identifier: GPL-2.0 */
/* Write protection by userfaultfd. */
#ifndef ANONMEM_ACT_UFFD_H
#define ANONMEM_ACT_UFFD_H

#include <stdbool.h>
#include <stddef.h>

int uffd_watch_writes(void *addr, size_t len);
int uffd_write_protect(int fd, void *addr, size_t len, bool protect);

#endif /* ANONMEM_ACT_UFFD_H */
