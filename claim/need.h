/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a case cannot do without.  A need is a probe and a constant reason;
 * where the probe says no the case is skipped, or fails where the need is
 * named in $ANONMEM_REQUIRE.
 */
#ifndef ANONMEM_CLAIM_NEED_H
#define ANONMEM_CLAIM_NEED_H

#include <stdbool.h>
#include <stddef.h>

/*
 * A row each: for cases, for people, what it takes, and whether that is there.  A
 * NEED is a question that changes nothing.  One that is HELD takes a setting of the
 * machine, waiting for other runs, and changes it where it hides what is needed: it
 * is there for need_take() alone, and stays until need_end().
 *
 * By privilege and settings where they decide, not by trying: a kernel that hides
 * frames from root, or is to give huge pages and does not, has to fail the cases
 * that ask for them.  Own file systems are ordinary, so being there will do.
 */
#define NEEDS(NEED, HELD)							\
	NEED(PFN, "pfn", "CAP_SYS_ADMIN to see page frame numbers",		\
	     privilege_is_full(CAP_SYS_ADMIN))					\
	NEED(KPAGE, "kpage", "CAP_SYS_ADMIN and CONFIG_PROC_PAGE_MONITOR for kpageflags", \
	     privilege_is_full(CAP_SYS_ADMIN) && !kpage_closed())			\
	NEED(SCAN, "scan", "a kernel with PAGEMAP_SCAN (6.7)", pagemap_scan_supported()) \
	NEED(MAP_FILES, "map_files",						\
	     "CONFIG_CHECKPOINT_RESTORE and CAP_CHECKPOINT_RESTORE or CAP_SYS_ADMIN", \
	     object_links_usable())						\
	NEED(DROP, "drop", "CAP_SETUID and CAP_SETGID to become another user",	\
	     privilege_can_drop())						\
	NEED(USERNS, "userns", "user namespaces, and leave to make one", privilege_can_unshare()) \
	NEED(SWAP, "swap", "a swap area, or root to make one", provided_swap())	\
	/* To take an area away, also for a moment, it has to be the tests' own. */ \
	NEED(OWN_SWAP, "own_swap", "no swap on the machine, and root to make some", \
	     provided_swap() && provided_area()->ours)				\
	NEED(SCRATCH, "scratch", "a TMPDIR whose file system can map files shared", \
	     scratch_usable(SCRATCH_HERE))					\
	NEED(STORAGE, "storage", "a TMPDIR whose file system does not live in memory", \
	     scratch_usable(SCRATCH_HERE) &&					\
	     (scratch_here_is(MEDIUM_STORAGE) || scratch_here_is(MEDIUM_STACKED))) \
	NEED(UNSTACKED, "unstacked", "a TMPDIR whose file system stacks on no other", \
	     !scratch_here_is(MEDIUM_STACKED))					\
	NEED(TMPFS, "tmpfs", "CONFIG_TMPFS and one that is writable, or root to mount it", \
	     scratch_usable(SCRATCH_TMPFS))					\
	NEED(MEMFD, "memfd", "CONFIG_MEMFD_CREATE", scratch_usable(SCRATCH_MEMFD)) \
	NEED(HUGETLB, "hugetlb", "CONFIG_HUGETLBFS, and two in vm.nr_hugepages", \
	     scratch_usable(SCRATCH_HUGETLB))					\
	NEED(EXT4, "ext4", "ext4, mkfs.ext4, a loop device (5.8), and root to mount it", \
	     provided_filesystem(OWNFS_EXT4))					\
	NEED(XFS, "xfs", "xfs, mkfs.xfs, a loop device (5.8), and root to mount it", \
	     provided_filesystem(OWNFS_XFS))						\
	NEED(BTRFS, "btrfs", "btrfs, mkfs.btrfs, a loop device (5.8), and root to mount it", \
	     provided_filesystem(OWNFS_BTRFS))					\
	NEED(OVERLAY, "overlay", "overlayfs, and what an ext4 to put it on needs", \
	     provided_filesystem(OWNFS_OVERLAY))					\
	NEED(DIRECT, "direct", "a TMPDIR whose O_DIRECT pins memory (6.5)",	\
	     direct_possible())							\
	NEED(PIN, "pin", "io_uring, to pin memory for I/O", pinned_possible())	\
	/* A kernel may have been told not to honour it, even for anonymous memory. */ \
	NEED(FORCE, "force", "proc_mem.force_override=always, for /proc/PID/mem", \
	     touch_by_mem_forces())						\
	NEED(PTRACE, "ptrace", "permission to trace a child", trace_permitted()) \
	NEED(SOFT_DIRTY, "soft_dirty", "CONFIG_MEM_SOFT_DIRTY", soft_dirty_tracked()) \
	NEED(UFFD_WP, "uffd_wp",						\
	     "userfaultfd write protection of shared memory (5.19), and leave to use it", \
	     uffd_watches_shared())						\
	NEED(GUARD, "guard", "a kernel with MADV_GUARD_INSTALL (6.13)",		\
	     advice_known(MADV_GUARD_INSTALL))					\
	/* PAGEMAP_SCAN refuses categories that it does not know; this one is younger. */ \
	NEED(GUARD_BIT, "guard_bit", "a kernel that reports guard regions (6.16)", \
	     pagemap_scan(0, (void *)page_size(), 1, PAGE_IS_GUARD,		\
			  &(struct page_region){ 0 }, 1) >= 0)			\
	NEED(POPULATE, "populate", "a kernel with MADV_POPULATE_READ (5.14)",	\
	     advice_known(MADV_POPULATE_READ))					\
	HELD(THP, "thp", "transparent huge pages up to 4 MiB, and root to enable them", \
	     has_settings() && thp_enable(&settings))				\
	HELD(MTHP, "mthp",							\
	     "transparent huge pages below a PMD's size (6.8), and root to enable them", \
	     has_settings() && thp_enable_all_sizes(&settings))			\
	HELD(HUGE_ZERO, "huge_zero",						\
	     "transparent huge pages, use_zero_page=1, and root to set that",	\
	     has_settings() && thp_zero_enable(&settings))			\
	HELD(SHMEM_THP, "shmem_thp",						\
	     "transparent huge pages up to 4 MiB, and root to set shmem_enabled=advise", \
	     has_settings() && thp_shmem_enable(&settings))			\
	HELD(KSM, "ksm", "CONFIG_KSM, and root to have ksmd run",		\
	     has_settings() && ksmd_run(&settings))				\
	/* By making the namespace that the case is going to use. */		\
	NEED(SYSV, "sysv", "CONFIG_SYSVIPC and IPC_NS, and root or user namespaces to make one", \
	     !sharing_sysv_ready())						\
	NEED(DEV_ZERO, "dev_zero", "/dev/zero that can be read and written",	\
	     !access("/dev/zero", R_OK | W_OK))					\
	NEED(CGROUP, "cgroup", "root, cgroup v2 and memory in its cgroup.subtree_control", \
	     cgroup_possible())							\
	NEED(MLOCK, "mlock", "RLIMIT_MEMLOCK of 16 pages",			\
	     limits_leave(RLIMIT_MEMLOCK, 16 * page_size()))			\
	/* Mode 2 counts every mapping, whatever MAP_NORESERVE says. */		\
	NEED(OVERCOMMIT, "overcommit", "vm.overcommit_memory other than 2",	\
	     setting_is("/proc/sys/vm/overcommit_memory", "0 1"))		\
	NEED(ROLLUP, "rollup", "a kernel with smaps_rollup (4.14)",		\
	     !access("/proc/self/smaps_rollup", R_OK))				\
	NEED(CPUS, "cpus", "two CPUs", cpus_allowed() > 1)

enum need {
	NO_NEED,
#define NEED_NUMBER(id, name, what, probe)	NEED_##id,
	NEEDS(NEED_NUMBER, NEED_NUMBER)
	NR_NEEDS
};

bool need_met(enum need need);
bool need_take(enum need need);
bool need_take_folios(size_t size);
void need_end(void);
void need_await_end(void);
const char *need_inconclusive(void);
const char *need_reason(enum need need);
bool need_required(enum need need);
bool need_conclusion(const char *reason);
const char *need_unknown_requirement(void);

/* Ends the case here where a need is not met. */
#define NEED_OR_SKIP(what)	NEED_ONE_OR_SKIP(NEED_##what)

/* The same for a variant, whose need is a value. */
#define NEED_ONE_OR_SKIP(need)	NEED_THAT_OR_SKIP(need_take(need), need)

/* The same where more than the need alone decides. */
#define NEED_THAT_OR_SKIP(met, need)						\
	do {									\
		if (!(met)) {							\
			if (need_inconclusive())				\
				SKIP(return, "%s", need_inconclusive());	\
			ASSERT_FALSE(need_required(need))			\
				TH_LOG("required: %s", need_reason(need));	\
			SKIP(return, "%s", need_reason(need));			\
		}								\
	} while (0)

/* The need of a way to shared memory. */
#define NEED_SHARING_OR_SKIP(how)						\
	do {									\
		if ((how) == SHARE_MEMFD)					\
			NEED_OR_SKIP(MEMFD);					\
		if ((how) == SHARE_DEV_ZERO)					\
			NEED_OR_SKIP(DEV_ZERO);					\
		if ((how) == SHARE_SYSV)					\
			NEED_OR_SKIP(SYSV);					\
	} while (0)

#endif /* ANONMEM_CLAIM_NEED_H */
