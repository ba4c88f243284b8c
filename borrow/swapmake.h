/* SPDX-License-Identifier: GPL-2.0 */
/* A swap area is made here out of what the machine has, and undone. */
#ifndef ANONMEM_BORROW_SWAPMAKE_H
#define ANONMEM_BORROW_SWAPMAKE_H

#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>

#define SWAPMAKE_ZRAM	0x1
#define SWAPMAKE_FILE	0x2
#define SWAPMAKE_LOOP	0x4

/*
 * What was made, or was about to be: each field is written before the thing it
 * names exists and cleared after it is gone, so that whoever holds the record
 * can undo all of it, at whatever instruction its writer was killed. It lives
 * in a file that several builds may share: types of fixed width only.
 */
struct swapmake {
	char magic[8];
	char boot[40];		/* the boot during which the devices exist */
	char zram[16];		/* device number, as hot_add printed it */
	__u64 zram_ino;	/* of its /sys/block directory, 0: not known */
	__s32 loop;		/* device number + 1 */
	__s32 loop_added;	/* 1: the loop device itself is made by us */
	char node[96];		/* device node, where the system has none */
	char file[1024];
	char swap[1024];	/* what swapon() got */
};

int swapmake_begin(struct swapmake *made);
bool swapmake_is_of_this_boot(const struct swapmake *made);
int swapmake_make(struct swapmake *made, unsigned int kinds);
int swapmake_undo(struct swapmake *made);
void swapmake_name(const char *path, char *name, size_t size);
unsigned long long swapmake_unique(void);
int swapmake_others(const struct swapmake *made, bool *listed);

#endif /* ANONMEM_BORROW_SWAPMAKE_H */
