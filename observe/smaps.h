/* SPDX-License-Identifier: GPL-2.0 */
/* /proc/PID/smaps, summed over an address range, and smaps_rollup. */
#ifndef ANONMEM_OBSERVE_SMAPS_H
#define ANONMEM_OBSERVE_SMAPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * A row each: the member of struct smaps, and the line that tells of it.  All kernels
 * have these: where one is missing nothing can be read.  (smaps_rollup has no Size.)
 */
#define SMAPS_AMOUNTS(AMOUNT)					\
	AMOUNT(size, "Size")					\
	AMOUNT(rss, "Rss")					\
	AMOUNT(pss, "Pss")					\
	AMOUNT(shared_clean, "Shared_Clean")			\
	AMOUNT(shared_dirty, "Shared_Dirty")			\
	AMOUNT(private_clean, "Private_Clean")			\
	AMOUNT(private_dirty, "Private_Dirty")			\
	AMOUNT(referenced, "Referenced")			\
	AMOUNT(anonymous, "Anonymous")				\
	AMOUNT(lazyfree, "LazyFree")				\
	AMOUNT(anon_huge, "AnonHugePages")			\
	AMOUNT(shmem_pmd_mapped, "ShmemPmdMapped")		\
	AMOUNT(swap, "Swap")					\
	AMOUNT(swap_pss, "SwapPss")				\
	AMOUNT(locked, "Locked")

/* These some kernels do not have, or only in smaps_rollup: see smaps_told(). */
#define SMAPS_LATER_AMOUNTS(AMOUNT)				\
	AMOUNT(pss_anon, "Pss_Anon")	/* smaps_rollup, 5.3 */	\
	AMOUNT(pss_file, "Pss_File")				\
	AMOUNT(pss_shmem, "Pss_Shmem")				\
	AMOUNT(file_pmd_mapped, "FilePmdMapped")  /* 5.4 */	\
	AMOUNT(pss_dirty, "Pss_Dirty")		/* 6.0 */	\
	AMOUNT(ksm, "KSM")			/* 6.7 */

/* What is not told is no amount: each is a multiple of a kilobyte. */
#define SMAPS_UNTOLD	SIZE_MAX

/*
 * What smaps says of a range.  All amounts are in bytes and summed over the
 * VMAs; what does not add up (the line that "maps" has too, page sizes,
 * VmFlags) is that of the first VMA.
 */
struct smaps {
#define SMAPS_MEMBER(member, line)	member,
	size_t SMAPS_AMOUNTS(SMAPS_MEMBER) vmas;
	struct {
		size_t SMAPS_LATER_AMOUNTS(SMAPS_MEMBER) end;
	} later;

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
/* Does this kernel tell of one of the later amounts? */
#define smaps_tells(sum, amount)	((sum)->later.amount != SMAPS_UNTOLD)
/* That amount, or another where it does not. */
#define smaps_told(sum, amount, otherwise) \
	(smaps_tells(sum, amount) ? (sum)->later.amount : (otherwise))
bool smaps_has_flag(const struct smaps *sum, const char *flag);
void smaps_format(const struct smaps *sum, char *text, size_t size);

#endif /* ANONMEM_OBSERVE_SMAPS_H */
