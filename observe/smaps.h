/* SPDX-License-Identifier: GPL-2.0 */
/* /proc/PID/smaps, summed over an address range, and smaps_rollup. */
#ifndef ANONMEM_OBSERVE_SMAPS_H
#define ANONMEM_OBSERVE_SMAPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * What smaps says of a range.  All amounts are in bytes and summed over the
 * VMAs; what does not add up (the line that "maps" has too, page sizes,
 * VmFlags) is that of the first VMA.
 */
struct smaps {
	size_t vmas;
	size_t size;
	size_t rss;
	size_t pss;
	size_t pss_dirty;
	size_t pss_anon;		/* smaps_rollup only */
	size_t pss_file;		/* smaps_rollup only */
	size_t pss_shmem;		/* smaps_rollup only */
	size_t shared_clean;
	size_t shared_dirty;
	size_t private_clean;
	size_t private_dirty;
	size_t referenced;
	size_t anonymous;
	size_t ksm;
	size_t lazyfree;
	size_t anon_huge;
	size_t shmem_pmd_mapped;
	size_t file_pmd_mapped;
	size_t swap;
	size_t swap_pss;
	size_t locked;

	uint32_t lines;			/* a bit for each amount that was told of */
	size_t kernel_page_size;
	size_t mmu_page_size;
	char perms[5];
	unsigned long long offset;
	unsigned int major, minor;
	unsigned long inode;
	char name[256];
	char flags[128];
};

int smaps_range(pid_t pid, const void *start, size_t len, struct smaps *sum);
size_t smaps_amount_at(pid_t pid, const void *start, size_t len, size_t offset);
/* One amount of a range, in bytes; SIZE_MAX where smaps cannot be read. */
#define smaps_amount(pid, start, len, amount) \
	smaps_amount_at(pid, start, len, offsetof(struct smaps, amount))
int smaps_rollup(pid_t pid, struct smaps *sum);
int smaps_named(const char *name, struct smaps *sum);
bool smaps_tells_at(const struct smaps *sum, size_t offset);
/* Does this kernel tell of an amount?  It is 0 where it does not. */
#define smaps_tells(sum, amount) smaps_tells_at(sum, offsetof(struct smaps, amount))
bool smaps_has_flag(const struct smaps *sum, const char *flag);
int smaps_format(const struct smaps *sum, char *text, size_t size);

#endif /* ANONMEM_OBSERVE_SMAPS_H */
