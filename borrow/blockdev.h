/* SPDX-License-Identifier: GPL-2.0 */
/* Swap areas and file systems get loop devices here, and block devices their names. */
#ifndef ANONMEM_BORROW_BLOCKDEV_H
#define ANONMEM_BORROW_BLOCKDEV_H

#include <stdbool.h>
#include <sys/types.h>

/* As many loop devices as are looked at for one that is free. */
#define LOOPS	64

int disk_number(const char *disk, dev_t *number);
int loop_control(unsigned long op, int number);
int loop_backing(int number, char **path);
int loop_attach(int loop, int file, bool any);

#endif /* ANONMEM_BORROW_BLOCKDEV_H */
