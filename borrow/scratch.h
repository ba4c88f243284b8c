/* SPDX-License-Identifier: GPL-2.0 */
/* Files without a name are borrowed here from file systems of several kinds, until closed. */
#ifndef ANONMEM_BORROW_SCRATCH_H
#define ANONMEM_BORROW_SCRATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

enum scratch_kind {
	SCRATCH_HERE,		/* where the tests run: $TMPDIR, ".", "/tmp" */
	SCRATCH_TMPFS,		/* a mounted tmpfs, or for root one of its own */
	SCRATCH_MEMFD,		/* memfd_create(2) */
	SCRATCH_EXT4,		/* these of the program's own, as enum ownfs_kind */
	SCRATCH_XFS,
	SCRATCH_BTRFS,
	SCRATCH_OVERLAY,	/* on that ext4 */
	SCRATCH_HUGETLB,	/* whole huge pages, and no write(2) */
};

/* What a file's pages are, as far as its file system tells. */
enum scratch_medium {
	MEDIUM_STORAGE,	/* page cache of what is on a storage */
	MEDIUM_RAMFS,		/* page cache, and nothing behind it */
	MEDIUM_SHMEM,		/* shmem: backed by swap, counted apart */
	MEDIUM_STACKED		/* those of a file on another file system */
};

int scratch_file(enum scratch_kind kind, size_t pages);
int scratch_reopen(int fd, int flags);
size_t scratch_block(int fd);
bool scratch_usable(enum scratch_kind kind);
enum scratch_medium scratch_medium(int fd);
bool scratch_journals_data(int fd);
bool scratch_lets_go(enum scratch_kind kind, int fd);
bool scratch_here_is(enum scratch_medium medium);

#endif /* ANONMEM_BORROW_SCRATCH_H */
