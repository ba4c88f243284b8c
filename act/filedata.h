/* SPDX-License-Identifier: GPL-2.0 */
/* What is in a file is written, compared and dropped from the cache here, past all its mappings. */
#ifndef ANONMEM_ACT_FILEDATA_H
#define ANONMEM_ACT_FILEDATA_H

#include <stddef.h>
#include <sys/types.h>

int file_fill(int fd, off_t offset, size_t len, unsigned int seed);
ssize_t file_diff(int fd, size_t len, unsigned int seed);
ssize_t file_diff_direct(int fd, size_t len, unsigned int seed);
int file_byte(int fd, off_t offset);
int file_all_zero(int fd, off_t offset, size_t len);
int file_drop_cache(int fd, size_t pages);

#endif /* ANONMEM_ACT_FILEDATA_H */
