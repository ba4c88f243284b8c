/* SPDX-License-Identifier: GPL-2.0 */
/* A program has file systems of its own by this, each on a storage of its own. */
#ifndef ANONMEM_BORROW_OWNFS_H
#define ANONMEM_BORROW_OWNFS_H

#include <stdbool.h>
#include <stddef.h>

enum ownfs_kind {
	OWNFS_EXT4,
	OWNFS_XFS,
	OWNFS_BTRFS,
	OWNFS_OVERLAY,		/* its upper layer is on that ext4 */
	NR_OWNFS_KINDS
};

int ownfs_begin(void);
int ownfs_path(enum ownfs_kind kind, char *path, size_t size);
bool ownfs_is_there(enum ownfs_kind kind);
void ownfs_end(void);

#endif /* ANONMEM_BORROW_OWNFS_H */
