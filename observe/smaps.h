/* SPDX-License-Identifier: GPL-2.0 */
/* /proc/PID/smaps, summed over an address range, and smaps_rollup. */
#ifndef ANONMEM_OBSERVE_SMAPS_H
#define ANONMEM_OBSERVE_SMAPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* A row each: the member of struct smaps, and the line that tells of it. */
#define SMAPS_AMOUNTS(AMOUNT)					\
	AMOUNT(size, "Size")					\
	AMOUNT(rss, "Rss")					\
	AMOUNT(pss, "Pss")					\
	AMOUNT(pss_dirty, "Pss_Dirty")				\
	AMOUNT(pss_anon, "Pss_Anon")				\
	AMOUNT(pss_file, "Pss_File")				\
	AMOUNT(pss_shmem, "Pss_Shmem")				\
	AMOUNT(shared_clean, "Shared_Clean")			\
	AMOUNT(shared_dirty, "Shared_Dirty")			\
	AMOUNT(private_clean, "Private_Clean")			\
	AMOUNT(private_dirty, "Private_Dirty")			\
	AMOUNT(referenced, "Referenced")			\
	AMOUNT(anonymous, "Anonymous")				\
	AMOUNT(ksm, "KSM")					\
	AMOUNT(lazyfree, "LazyFree")				\
	AMOUNT(anon_huge, "AnonHugePages")			\
	AMOUNT(shmem_pmd_mapped, "ShmemPmdMapped")		\
	AMOUNT(file_pmd_mapped, "FilePmdMapped")		\
	AMOUNT(swap, "Swap")					\
	AMOUNT(swap_pss, "SwapPss")				\
	AMOUNT(locked, "Locked")

/*
 * What smaps says of a range.  All amounts are in bytes and summed over the
 * VMAs; what does not add up (the line that "maps" has too, page sizes,
 * VmFlags) is that of the first VMA.  Pss_Anon and its like are in smaps_rollup
 * only.
 */
struct smaps {
#define SMAPS_MEMBER(member, line)	member,
	size_t SMAPS_AMOUNTS(SMAPS_MEMBER) vmas;

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
void smaps_format(const struct smaps *sum, char *text, size_t size);

#endif /* ANONMEM_OBSERVE_SMAPS_H */
