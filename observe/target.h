/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A process that is looked at from outside.  Its /proc directory is opened
 * once, so a pid that is used again is never mistaken for it, and pagemap and
 * maps stay with the address space that they were opened on.
 */
#ifndef ANONMEM_OBSERVE_TARGET_H
#define ANONMEM_OBSERVE_TARGET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "maps.h"

enum target_fate {
	TARGET_THERE,
	TARGET_EXECED,		/* it runs another program by now */
	TARGET_GONE,		/* it has exited */
};

/* What a mapping is of. */
enum vma_kind {
	VMA_ANON,
	VMA_SHMEM,		/* tmpfs, memfd, SysV, MAP_SHARED | MAP_ANONYMOUS */
	VMA_FILE,
	VMA_HUGETLB,
	VMA_SPECIAL,		/* the kernel's own ([vdso]) or a driver's */
};

/* Where an object lives: may it be opened without waiting for somebody? */
enum fs_kind {
	FS_UNKNOWN,
	FS_SHMEM,
	FS_HUGETLB,
	FS_LOCAL,
	FS_REMOTE,		/* a server or a daemon answers, or does not */
};

#define TARGET_FS_CACHE	16

struct target {
	pid_t pid;
	int dir;
	int pagemap;
	int maps;
	bool shows_frames;	/* pagemap holds PFNs and swap slots */
	bool scans;		/* the kernel has PAGEMAP_SCAN */
	uint64_t page;		/* bytes in a page */
	/* private */
	uint64_t program[3];	/* start_code, start_stack, when opened */
	unsigned int shm_major, shm_minor;
	size_t nr_fs;
	struct target_fs {
		unsigned int major, minor;
		enum fs_kind kind;
	} fs[TARGET_FS_CACHE];
};

int target_open(struct target *target, pid_t pid, const char **why);
int target_reopen(struct target *target, const char **why);
void target_close(struct target *target);
enum target_fate target_fate(const struct target *target);
ssize_t target_entries(const struct target *target, uint64_t addr, size_t pages,
		       uint64_t *entries);
bool target_spans(const struct target *target, uint64_t addr);
enum fs_kind target_fs(struct target *target, unsigned int major, unsigned int minor);
enum vma_kind target_vma_kind(struct target *target, const struct vma *vma);

#endif /* ANONMEM_OBSERVE_TARGET_H */
