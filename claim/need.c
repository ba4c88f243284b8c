// SPDX-License-Identifier: GPL-2.0
/* What a case cannot do without: probes, and reasons that never vary. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../act/access.h"
#include "../act/directio.h"
#include "../act/marks.h"
#include "../act/pageout.h"
#include "../act/pinned.h"
#include "../act/range.h"
#include "../act/sharing.h"
#include "../act/touch.h"
#include "../borrow/cgroup.h"
#include "../borrow/ksmd.h"
#include "../borrow/ownfs.h"
#include "../borrow/scratch.h"
#include "../borrow/settings.h"
#include "../borrow/swaparea.h"
#include "../borrow/thp.h"
#include "../observe/kpage.h"
#include "../observe/pagemap.h"
#include "../observe/privilege.h"
#include "../observe/procfs.h"
#include "../observe/sysmem.h"
#include "need.h"

/* For another run to end the case at hand; the longest take a second or two. */
#define SETTINGS_MS	10000
#define GUARDIAN_MS	2000

/*
 * By privilege, not by looking whether a PFN reads as zero: a kernel that
 * hides frames from root has to fail the cases that look at them.
 */
static bool probe_pfn(void)
{
	return privilege_is_full(CAP_SYS_ADMIN);
}

/* Some machines have the file and nothing in it. */
static bool probe_kpage(void)
{
	char byte[8];
	int fd = open("/proc/kpageflags", O_RDONLY | O_CLOEXEC);
	bool works = fd >= 0 && read(fd, byte, sizeof(byte)) == sizeof(byte);

	if (fd >= 0)
		close(fd);
	return works && probe_pfn();
}

static bool probe_map_files(void)
{
	DIR *dir;

	if (!privilege_is_full(CAP_SYS_ADMIN) && !privilege_is_full(CAP_CHECKPOINT_RESTORE))
		return false;
	dir = opendir("/proc/self/map_files");
	if (dir)
		closedir(dir);
	return dir;
}

static bool probe_scratch(void)
{
	return scratch_usable(SCRATCH_HERE);
}

static bool probe_tmpfs(void)
{
	return scratch_usable(SCRATCH_TMPFS);
}

static bool probe_memfd(void)
{
	return scratch_usable(SCRATCH_MEMFD);
}

/* That they are ordinary is their point, so being there will do. */
static bool probe_own(enum ownfs_kind kind)
{
	char root[64];

	return !ownfs_path(kind, root, sizeof(root));
}

static bool probe_ext4(void)
{
	return probe_own(OWNFS_EXT4);
}

static bool probe_xfs(void)
{
	return probe_own(OWNFS_XFS);
}

static bool probe_btrfs(void)
{
	return probe_own(OWNFS_BTRFS);
}

static bool probe_overlay(void)
{
	return probe_own(OWNFS_OVERLAY);
}

/* Mapping them reserves them, so that a store gets them. */
static bool probe_hugetlb(void)
{
	int fd = scratch_file(SCRATCH_HUGETLB, 0);
	size_t len = fd < 0 ? 0 : 2 * scratch_block(fd);
	void *addr = MAP_FAILED;

	if (fd < 0)
		return false;
	if (!ftruncate(fd, (off_t)len))
		addr = mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (addr != MAP_FAILED)
		munmap(addr, len);
	close(fd);
	return addr != MAP_FAILED;
}

static enum scratch_backing backing_here(void)
{
	int fd = scratch_file(SCRATCH_HERE, 1);
	enum scratch_backing backing = fd < 0 ? BACKING_RAMFS : scratch_backing(fd);

	if (fd >= 0)
		close(fd);
	return backing;
}

/* What is below a stacked file system shows when its cache is to be dropped. */
static bool probe_storage(void)
{
	enum scratch_backing backing = backing_here();

	return probe_scratch() && (backing == BACKING_STORAGE || backing == BACKING_STACKED);
}

static bool probe_unstacked(void)
{
	return backing_here() != BACKING_STACKED;
}

/* A kernel may have been told not to honour it, even for anonymous memory. */
static bool probe_force(void)
{
	struct range page;
	bool forced;

	if (map_pages(&page, 1, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0))
		return false;
	forced = !touch_by_mem(page.addr, 1);
	unmap(&page);
	return forced;
}

/* By making the namespace that the case is going to use. */
static bool probe_sysv(void)
{
	return !sharing_sysv_ready();
}

static bool probe_dev_zero(void)
{
	return !access("/dev/zero", R_OK | W_OK);
}

static struct swaparea area;
static bool swap_works;

static bool probe_swap(void)
{
	return swap_works;
}

/* To take an area away, also for a moment, it has to be the tests' own. */
static bool probe_own_swap(void)
{
	return swap_works && area.ours;
}

/* In a child: nothing leads back out of a user namespace. */
static bool probe_userns(void)
{
	pid_t pid = fork();
	int status;

	if (!pid)
		_exit(unshare(CLONE_NEWUSER) ? 1 : 0);
	return pid > 0 && waitpid(pid, &status, 0) == pid && WIFEXITED(status) &&
	       !WEXITSTATUS(status);
}

/*
 * A kernel that tracks soft-dirty calls everything written that is new.  To
 * see whether clear_refs takes an order proves nothing: all kernels do.
 */
static bool probe_soft_dirty(void)
{
	struct range page;
	bool tracked;

	if (map_private(&page, 1))
		return false;
	store(page.addr, 1);
	tracked = pagemap_entry(0, page.addr) & PM_SOFT_DIRTY;
	unmap(&page);
	return tracked;
}

static bool probe_uffd_wp(void)
{
	struct range page;
	int fd;

	if (map_shared(&page, 1))
		return false;
	fd = uffd_watch_writes(page.addr, page.len);
	if (fd >= 0)
		close(fd);
	unmap(&page);
	return fd >= 0;
}

static bool probe_guard(void)
{
	struct range page;
	bool known;

	if (map_private(&page, 1))
		return false;
	known = !madvise(page.addr, page.len, MADV_GUARD_INSTALL);
	unmap(&page);
	return known;
}

/* PAGEMAP_SCAN refuses categories that it does not know; this one is younger. */
static bool probe_guard_bit(void)
{
	struct page_region region;

	return pagemap_scan(0, (void *)page_size(), 1, PAGE_IS_GUARD, &region, 1) >= 0;
}

static bool probe_cpus(void)
{
	return sysconf(_SC_NPROCESSORS_ONLN) > 1;
}

/*
 * By what the machine is set to, not by trying: a kernel that is to give huge
 * pages and does not has to fail the cases that ask for them.
 */
static bool probe_thp(void)
{
	return thp_enabled();
}

static bool probe_mthp(void)
{
	return thp_next_size(0) != 0;
}

static bool probe_populate(void)
{
	struct range map;
	bool known;

	if (map_private(&map, 1))
		return false;
	known = !madvise(map.addr, map.len, MADV_POPULATE_READ) || errno != EINVAL;
	unmap(&map);
	return known;
}

static bool probe_mlock(void)
{
	struct rlimit limit;

	return !getrlimit(RLIMIT_MEMLOCK, &limit) && limit.rlim_cur >= 16 * page_size();
}

/* Mode 2 counts every mapping, whatever MAP_NORESERVE says. */
static bool probe_overcommit(void)
{
	unsigned long long mode;

	return !procfs_number("/proc/sys/vm/overcommit_memory", &mode) && mode != 2;
}

static bool probe_rollup(void)
{
	return !access("/proc/self/smaps_rollup", R_OK);
}

static const struct {
	const char *name;
	const char *reason;
	bool (*probe)(void);
} needs[NR_NEEDS] = {
	[NEED_PFN] = {
		"pfn", "needs pfn: CAP_SYS_ADMIN to see page frame numbers", probe_pfn },
	[NEED_KPAGE] = {
		"kpage", "needs kpage: CAP_SYS_ADMIN and CONFIG_PROC_PAGE_MONITOR for kpageflags",
		probe_kpage },
	[NEED_SCAN] = {
		"scan", "needs scan: a kernel with PAGEMAP_SCAN (6.7)", pagemap_scan_supported },
	[NEED_SWAP] = {
		"swap", "needs swap: a swap area, or root to make one", probe_swap },
	[NEED_MAP_FILES] = {
		"map_files",
		"needs map_files: CONFIG_CHECKPOINT_RESTORE and CAP_CHECKPOINT_RESTORE or CAP_SYS_ADMIN",
		probe_map_files },
	[NEED_DROP] = {
		"drop", "needs drop: CAP_SETUID and CAP_SETGID to become another user",
		privilege_can_drop },
	[NEED_SCRATCH] = {
		"scratch", "needs scratch: a TMPDIR whose file system can map files shared",
		probe_scratch },
	[NEED_TMPFS] = {
		"tmpfs", "needs tmpfs: CONFIG_TMPFS and one that is writable, or root to mount it",
		probe_tmpfs },
	[NEED_MEMFD] = {
		"memfd", "needs memfd: CONFIG_MEMFD_CREATE", probe_memfd },
	[NEED_EXT4] = {
		"ext4", "needs ext4: ext4, mkfs.ext4, a loop device (5.8), and root to mount it",
		probe_ext4 },
	[NEED_XFS] = {
		"xfs", "needs xfs: xfs, mkfs.xfs, a loop device (5.8), and root to mount it",
		probe_xfs },
	[NEED_BTRFS] = {
		"btrfs",
		"needs btrfs: btrfs, mkfs.btrfs, a loop device (5.8), and root to mount it",
		probe_btrfs },
	[NEED_OVERLAY] = {
		"overlay", "needs overlay: overlayfs, and what an ext4 to put it on needs",
		probe_overlay },
	[NEED_HUGETLB] = {
		"hugetlb", "needs hugetlb: CONFIG_HUGETLBFS, and two in vm.nr_hugepages",
		probe_hugetlb },
	[NEED_STORAGE] = {
		"storage", "needs storage: a TMPDIR whose file system does not live in memory",
		probe_storage },
	[NEED_UNSTACKED] = {
		"unstacked", "needs unstacked: a TMPDIR whose file system stacks on no other",
		probe_unstacked },
	[NEED_FORCE] = {
		"force", "needs force: proc_mem.force_override=always, for /proc/PID/mem",
		probe_force },
	[NEED_PTRACE] = {
		"ptrace", "needs ptrace: permission to trace a child", trace_permitted },
	[NEED_USERNS] = {
		"userns", "needs userns: user namespaces, and leave to make one", probe_userns },
	[NEED_SOFT_DIRTY] = {
		"soft_dirty", "needs soft_dirty: CONFIG_MEM_SOFT_DIRTY", probe_soft_dirty },
	[NEED_UFFD_WP] = {
		"uffd_wp",
		"needs uffd_wp: userfaultfd write protection of shared memory (5.19), and leave to use it",
		probe_uffd_wp },
	[NEED_GUARD] = {
		"guard", "needs guard: a kernel with MADV_GUARD_INSTALL (6.13)", probe_guard },
	[NEED_THP] = {
		"thp", "needs thp: transparent huge pages up to 4 MiB, and root to enable them",
		probe_thp },
	[NEED_MTHP] = {
		"mthp",
		"needs mthp: transparent huge pages below a PMD's size (6.8), and root to enable them",
		probe_mthp },
	[NEED_HUGE_ZERO] = {
		"huge_zero",
		"needs huge_zero: transparent huge pages, use_zero_page=1, and root to set that",
		thp_zero_enabled },
	[NEED_KSM] = {
		"ksm", "needs ksm: CONFIG_KSM, and root to have ksmd run",
		ksmd_runs },
	[NEED_SYSV] = {
		"sysv",
		"needs sysv: CONFIG_SYSVIPC and IPC_NS, and root or user namespaces to make one",
		probe_sysv },
	[NEED_DEV_ZERO] = {
		"dev_zero", "needs dev_zero: /dev/zero that can be read and written",
		probe_dev_zero },
	[NEED_SHMEM_THP] = {
		"shmem_thp",
		"needs shmem_thp: transparent huge pages up to 4 MiB, and root to set shmem_enabled=advise",
		thp_shmem_enabled },
	[NEED_CGROUP] = {
		"cgroup",
		"needs cgroup: root, cgroup v2 and memory in its cgroup.subtree_control",
		cgroup_possible },
	[NEED_GUARD_BIT] = {
		"guard_bit", "needs guard_bit: a kernel that reports guard regions (6.16)",
		probe_guard_bit },
	[NEED_PIN] = {
		"pin", "needs pin: io_uring, to pin memory for I/O", pinned_possible },
	[NEED_DIRECT] = {
		"direct", "needs direct: a TMPDIR on ext4 or xfs that has O_DIRECT (6.5)",
		direct_possible },
	[NEED_CPUS] = {
		"cpus", "needs cpus: two CPUs", probe_cpus },
	[NEED_OWN_SWAP] = {
		"own_swap", "needs own_swap: no swap on the machine, and root to make some",
		probe_own_swap },
	[NEED_POPULATE] = {
		"populate", "needs populate: a kernel with MADV_POPULATE_READ (5.14)",
		probe_populate },
	[NEED_MLOCK] = {
		"mlock", "needs mlock: RLIMIT_MEMLOCK of 16 pages", probe_mlock },
	[NEED_OVERCOMMIT] = {
		"overcommit", "needs overcommit: vm.overcommit_memory other than 2",
		probe_overcommit },
	[NEED_ROLLUP] = {
		"rollup", "needs rollup: a kernel with smaps_rollup (4.14)", probe_rollup },
};

/* What a setting of the machine may hide, and who sees to that. */
static void (*const providers[NR_NEEDS])(struct settings *settings) = {
	[NEED_THP] = thp_enable,
	[NEED_MTHP] = thp_enable_all_sizes,
	[NEED_HUGE_ZERO] = thp_zero_enable,
	[NEED_KSM] = ksmd_run,
	[NEED_SHMEM_THP] = thp_shmem_enable,
};

static struct settings settings;
static bool settings_busy;
/* Shared by all cases: the first that waits in vain has waited for all of them. */
static int *settings_patience;

/**
 * need_begin - prepare for asking
 *
 * To be called once, from main().
 */
void need_begin(void)
{
	void *shared = mmap(NULL, sizeof(*settings_patience), PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (shared == MAP_FAILED)
		return;
	settings_patience = shared;
	*settings_patience = SETTINGS_MS;
}

static bool hold_settings(void)
{
	int ret = settings_hold(&settings, settings_patience ? *settings_patience : 0);

	settings_busy = ret == -ETIMEDOUT;
	if (settings_busy && settings_patience)
		*settings_patience = 0;
	return !ret;
}

/**
 * need_met - can this kernel and user be asked?
 * @need: for what
 *
 * Where a setting of the machine decides, it is held as it is, or changed by
 * root, until need_end() or the end of the process.
 */
bool need_met(enum need need)
{
	if (providers[need]) {
		if (!hold_settings())
			return false;
		providers[need](&settings);
	}
	return needs[need].probe();
}

/**
 * need_folios_met - need_met() NEED_MTHP for one size only
 * @size: of the folios, in bytes
 *
 * Other sizes stay as they are set.
 */
bool need_folios_met(size_t size)
{
	if (!hold_settings())
		return false;
	thp_enable_size(&settings, size);
	return thp_size_enabled(size);
}

/**
 * need_end - put back the settings that were changed to meet needs
 *
 * To be called where a case ends, and in main() where it asked. Does nothing in
 * a process forked by the one that asked.
 */
void need_end(void)
{
	settings_release(&settings);
}

/**
 * need_await_end - wait for need_end() on behalf of a process that died
 *
 * Its guardian is at it, and the system's counts are not what they were before.
 */
void need_await_end(void)
{
	struct settings none = { 0 };

	if (!settings_hold(&none, GUARDIAN_MS))
		settings_release(&none);
}

/**
 * need_inconclusive - why need_met() could not tell
 *
 * Return: the reason, the same on every machine, or NULL where it could.
 */
const char *need_inconclusive(void)
{
	return settings_busy ? "inconclusive: another run holds the settings" : NULL;
}

/**
 * need_reason - why a case is skipped, the same on every machine
 * @need: what it lacks
 */
const char *need_reason(enum need need)
{
	return needs[need].reason;
}

/* Is @name one of the comma-separated words of $ANONMEM_REQUIRE? */
static bool in_list(const char *list, const char *name)
{
	size_t len = strlen(name);

	for (; list && *list; list += strcspn(list, ",")) {
		list += *list == ',';
		if (!strncmp(list, name, len) && (list[len] == ',' || !list[len]))
			return true;
	}
	return false;
}

/**
 * need_required - does the user insist on a need?
 * @need: which
 *
 * Return: true where $ANONMEM_REQUIRE names it or says "all".
 */
bool need_required(enum need need)
{
	const char *list = getenv("ANONMEM_REQUIRE");

	return in_list(list, "all") || in_list(list, needs[need].name);
}

/**
 * need_unknown_requirement - what $ANONMEM_REQUIRE names and nobody knows
 *
 * Return: the first such word and what follows it, or NULL.
 */
const char *need_unknown_requirement(void)
{
	const char *word = getenv("ANONMEM_REQUIRE");

	while (word && *word) {
		size_t len = strcspn(word, ",");
		bool known = !len || (len == 3 && !strncmp(word, "all", 3));

		for (size_t i = 0; i < NR_NEEDS; i++)
			known |= strlen(needs[i].name) == len &&
				 !strncmp(word, needs[i].name, len);
		if (!known)
			return word;
		word += len + (word[len] == ',');
	}
	return NULL;
}

static pid_t owner;

static void release_swap(void)
{
	/* Forked test cases may run exit handlers; the area is the program's. */
	if (getpid() == owner)
		swaparea_release(&area);
}

/*
 * Swap is there when one page of ours went out to it.  The proof is the
 * system's own count, not pagemap, which is what the cases are about.
 */
static bool swap_out_probe_page(void)
{
	struct range page;
	long long before;
	bool went;

	if (map_private(&page, 1))
		return false;
	pattern_fill(page.addr, page.len, 1);
	before = vmstat_swap_outs();
	for (int i = 0; i < 100; i++) {
		if (madvise(page.addr, page.len, MADV_PAGEOUT))
			break;
		if (vmstat_swap_outs() > before)
			break;
	}
	went = vmstat_swap_outs() > before;
	unmap(&page);
	return went;
}

/**
 * need_provide_swap - see to a swap area for the length of the program
 *
 * To be called once, before any case runs; the area goes when the program
 * ends, however it ends.  See swaparea_acquire().
 */
void need_provide_swap(void)
{
	owner = getpid();
	pin_to_cpu();
	if (swaparea_acquire(&area))
		return;
	atexit(release_swap);
	swap_works = swap_out_probe_page();
}

/**
 * need_swap_area - the swap area that need_provide_swap() saw to
 *
 * Return: the area; not ours where the machine has its own or has none.
 */
const struct swaparea *need_swap_area(void)
{
	return &area;
}

static void remove_filesystems(void)
{
	if (getpid() == owner)
		ownfs_end();
}

/**
 * need_provide_filesystems - be ready to make file systems when one is needed
 * @all_at_once: all cases are going to run, so that all will be
 *
 * To be called once, before any case runs; they go when the program ends,
 * however it ends. See ownfs_begin().
 */
void need_provide_filesystems(bool all_at_once)
{
	owner = getpid();
	if (!ownfs_begin(all_at_once))
		atexit(remove_filesystems);
}
