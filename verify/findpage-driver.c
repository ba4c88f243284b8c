// SPDX-License-Identifier: GPL-2.0
/*
 * Pages in every state, for findpage.sh.
 *
 *   findpage-driver states [noswap]	makes them, prints "LABEL ADDRESS" or
 *					"LABEL - WHY NOT" of each, then "ready", and
 *					waits for the end of its input
 *   findpage-driver migrate HOW		moves private memory from one NUMA node to
 *					another and back, time and again; prints
 *					START-END or "- WHY NOT", then as above; HOW:
 *					base, thp (one huge page)
 *   findpage-driver fill BYTES HOW	one mapping of BYTES; prints START-END; HOW:
 *					private, shared, sparse (1,000 pages), away
 *					(shared, not mapped any more), holes (the
 *					same, every other page)
 *   findpage-driver objects WHERE	files of all sizes, holes and ends within a few
 *					pages, mapped; prints "START-END PAGES SIZE
 *					HOLES HOW" of each, or "- WHY NOT", then as
 *					above; PAGES has a letter for each:
 *					m(apped), c(ached), s(wapped), h(ole),
 *					n(ot in memory), b(eyond its end);
 *					WHERE: memfd, ext4, xfs, btrfs, overlay, the
 *					last four also with "no-" where the process
 *					does not see the mount, or a directory
 *   findpage-driver old COMMAND...	runs it as before Linux 6.5, without
 *					cachestat(2) and PAGEMAP_SCAN
 *   findpage-driver entries PID	prints all pagemap entries of a process, without
 *					what they say of other mappings of a file
 *   findpage-driver steps		does one thing for each line of input:
 *					fork, write, exit (the child), exec, unmap
 *   findpage-driver facts		has states found from facts that are made up,
 *					prints what is wrong
 *   findpage-driver busy		maps, unmaps, forks and writes until killed
 *   findpage-driver best COMMAND...	runs it ten times, prints the least time,
 *					the least CPU time, in ms, and the largest
 *					peak RSS in kB
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/filter.h>
#include <linux/magic.h>
#include <linux/mempolicy.h>
#include <linux/seccomp.h>
#include <linux/userfaultfd.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../act/access.h"
#include "../act/hugepage.h"
#include "../act/pageout.h"
#include "../act/range.h"
#include "../borrow/ownfs.h"
#include "../borrow/swaparea.h"
#include "../borrow/thp.h"
#include "../observe/backing.h"
#include "../observe/page.h"
#include "../observe/pagemap.h"
#include "../observe/patience.h"
#include "../observe/sysmem.h"
#include "../observe/target.h"

#ifndef UFFD_FEATURE_WP_HUGETLBFS_SHMEM
#define UFFD_FEATURE_WP_HUGETLBFS_SHMEM	(1 << 12)
#endif
#ifndef UFFD_USER_MODE_ONLY
#define UFFD_USER_MODE_ONLY		1
#endif

#ifndef UFFDIO_POISON			/* 6.6 */
struct uffdio_poison {
	struct uffdio_range range;
	__u64 mode;
	__s64 updated;
};
#define UFFDIO_POISON			_IOWR(UFFDIO, 0x08, struct uffdio_poison)
#define UFFD_FEATURE_POISON		(1 << 14)
#endif

#define PAGES	8

static struct swaparea area;
static bool swaps;

static void made(const char *label, const struct range *map, size_t page)
{
	printf("%s %jx\n", label, (uintmax_t)(uintptr_t)page_at(map, page));
}

static void not_made(const char *label, const char *why)
{
	printf("%s - %s\n", label, why);
}

static struct range must_map(int prot, int flags, int fd, off_t offset)
{
	struct range map;
	int ret = map_pages(&map, PAGES, prot, flags, fd, offset);

	if (ret) {
		fprintf(stderr, "findpage-driver: map: %s\n", strerror(-ret));
		exit(1);
	}
	return map;
}

static struct range anon(int flags)
{
	return must_map(PROT_READ | PROT_WRITE, flags | MAP_ANONYMOUS, -1, 0);
}

/* A child that does nothing and does not outlive its parent. */
static pid_t fork_idle(void)
{
	pid_t parent = getpid(), pid = fork();

	if (pid)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	while (getppid() == parent)
		pause();
	_exit(0);
}

static void private_states(void)
{
	struct range map = anon(MAP_PRIVATE);

	memset(page_at(&map, 1), 1, page_size());
	load(page_at(&map, 2));
	made("none", &map, 0);
	made("anon", &map, 1);
	made("zero", &map, 2);
	/* Pages 4 to 7 for the states that a swap area is needed for. */
	if (!swaps) {
		not_made("swapped", "no swap area");
		not_made("swapcache", "no swap area");
		return;
	}
	for (size_t i = 4; i < PAGES; i++)
		pattern_fill(page_at(&map, i), page_size(), (unsigned int)i);
	if (pageout(page_at(&map, 4), 4)) {
		not_made("swapped", "cannot page out");
		not_made("swapcache", "cannot page out");
		return;
	}
	made("swapped", &map, 4);
	/* The child keeps the slot in use when the page is read in here. */
	fork_idle();
	load(page_at(&map, 7));
	made("swapcache", &map, 7);
}

static void shared_states(void)
{
	struct range map = anon(MAP_SHARED), away = anon(MAP_SHARED);
	unsigned char cached;

	memset(page_at(&map, 1), 1, 2 * page_size());
	madvise(page_at(&map, 2), page_size(), MADV_DONTNEED);
	made("shmem-none", &map, 0);
	made("shmem", &map, 1);
	made("shmem-cached", &map, 2);
	if (!swaps) {
		not_made("shmem-swapped", "no swap area");
		not_made("shmem-swapcache", "no swap area");
		return;
	}
	pattern_fill(away.addr, away.len, 1);
	if (pageout(away.addr, PAGES)) {
		not_made("shmem-swapped", "cannot page out");
		not_made("shmem-swapcache", "cannot page out");
		return;
	}
	/* Where the device writes on while others go on, its pages stay for a while. */
	if (mincore(page_at(&away, 1), page_size(), &cached) || cached & 1)
		not_made("shmem-swapped", "the swap area keeps what it has written");
	else
		made("shmem-swapped", &away, 1);
	madvise(page_at(&away, 6), page_size(), MADV_WILLNEED);
	made("shmem-swapcache", &away, 6);
}

/* A file that is gone when the last who has it open is, in $TMPDIR or here. */
static int nameless_file(size_t len)
{
	const char *dir = getenv("TMPDIR");
	char path[4096];
	int fd;

	snprintf(path, sizeof(path), "%s/findpage-XXXXXX", dir ? dir : ".");
	fd = mkostemp(path, O_CLOEXEC);
	if (fd >= 0)
		unlink(path);
	return fd >= 0 && ftruncate(fd, (off_t)len) ? -1 : fd;
}

static void file_states(void)
{
	size_t page = page_size();
	int fd = nameless_file(PAGES / 2 * page);
	struct range shared, private;
	char *bytes = malloc(page);
	struct statfs fs;

	if (fd < 0 || !bytes) {
		not_made("file", "no scratch file");
		return;
	}
	if (!fstatfs(fd, &fs) && (unsigned long)fs.f_type == TMPFS_MAGIC) {
		not_made("file", "nothing but tmpfs, whose pages are shmem");
		return;
	}
	memset(bytes, 'f', page);
	for (size_t i = 0; i < PAGES / 2; i++)
		if (pwrite(fd, bytes, page, (off_t)(i * page)) != (ssize_t)page)
			exit(1);
	fsync(fd);
	/* What is read ahead and around would bring the neighbours as well. */
	posix_fadvise(fd, 0, 0, POSIX_FADV_RANDOM);
	posix_fadvise(fd, (off_t)(3 * page), (off_t)page, POSIX_FADV_DONTNEED);
	shared = must_map(PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	madvise(shared.addr, shared.len, MADV_RANDOM);
	private = must_map(PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	store(page_at(&shared, 0), 1);
	store(page_at(&private, 1), 1);
	madvise(page_at(&shared, 2), page, MADV_DONTNEED);
	made("file", &shared, 0);
	made("file-cow", &private, 1);
	made("file-cached", &shared, 2);
	made("file-none", &shared, 3);
	made("file-beyond", &shared, PAGES - 1);
	free(bytes);
}

/* Room for a huge page of @len where one can be. */
static char *huge_room(size_t len)
{
	char *addr = mmap(NULL, 2 * len, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
			  -1, 0);

	if (addr == MAP_FAILED)
		return NULL;
	addr = (char *)(((uintptr_t)addr + len - 1) / len * len);
	return madvise(addr, len, MADV_HUGEPAGE) ? NULL : addr;
}

/* The default size of huge pages, which have to be reserved. */
static void hugetlb_state(void)
{
	long long len = meminfo_number("Hugepagesize");
	char *addr = MAP_FAILED;

	if (len > 0)
		addr = mmap(NULL, (size_t)len, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB, -1, 0);
	if (addr == MAP_FAILED || store(addr, 1))
		not_made("hugetlb", "no huge pages reserved");
	else
		printf("hugetlb %jx\n", (uintmax_t)(uintptr_t)addr);
}

/* The page next to the one that was touched: there is advice, and there are settings. */
static bool mapped(const char *addr)
{
	return pagemap_entry(0, addr) & PM_PRESENT;
}

static void thp_states(void)
{
	size_t len = thp_pmd_size();
	char *addr = len ? huge_room(len) : NULL;

	if (!addr || store(addr, 1) || !mapped(addr + page_size()))
		not_made("thp", "no THP");
	else
		printf("thp %jx\n", (uintmax_t)(uintptr_t)(addr + page_size()));
	addr = len ? huge_room(len) : NULL;
	if (!addr || load(addr) < 0 || !mapped(addr + page_size()))
		not_made("thp-zero", "no THP");
	else
		printf("thp-zero %jx\n", (uintmax_t)(uintptr_t)(addr + page_size()));
}

static void guard_state(void)
{
	struct range map = anon(MAP_PRIVATE);

	if (madvise(page_at(&map, 3), page_size(), MADV_GUARD_INSTALL))
		not_made("guard", "no guard regions");
	else
		made("guard", &map, 3);
}

static bool write_protect(int uffd, const struct range *map, size_t page)
{
	struct uffdio_api api = {
		.api = UFFD_API, .features = UFFD_FEATURE_WP_HUGETLBFS_SHMEM,
	};
	struct uffdio_register reg = {
		.range = { (uintptr_t)map->addr, map->len }, .mode = UFFDIO_REGISTER_MODE_WP,
	};
	struct uffdio_writeprotect wp = {
		.range = { (uintptr_t)page_at(map, page), page_size() },
		.mode = UFFDIO_WRITEPROTECT_MODE_WP,
	};

	return !ioctl(uffd, UFFDIO_API, &api) && !ioctl(uffd, UFFDIO_REGISTER, &reg) &&
	       !ioctl(uffd, UFFDIO_WRITEPROTECT, &wp);
}

static void marker_state(void)
{
	struct range map = anon(MAP_SHARED);
	int uffd = (int)syscall(__NR_userfaultfd, O_CLOEXEC | UFFD_USER_MODE_ONLY);

	/* Page 5 has data that is not mapped, under the marker. */
	memset(page_at(&map, 5), 1, page_size());
	madvise(page_at(&map, 5), page_size(), MADV_DONTNEED);
	if (uffd < 0 || !write_protect(uffd, &map, 5))
		not_made("marker", "no userfaultfd markers on shared memory");
	else
		made("marker", &map, 5);
}

/* As if a memory error had struck that somebody simulates: one marker, no page. */
static void poison_marker_state(void)
{
	struct range map = anon(MAP_PRIVATE);
	int uffd = (int)syscall(__NR_userfaultfd, O_CLOEXEC | UFFD_USER_MODE_ONLY);
	struct uffdio_api api = { .api = UFFD_API, .features = UFFD_FEATURE_POISON };
	struct uffdio_register reg = {
		.range = { (uintptr_t)map.addr, map.len }, .mode = UFFDIO_REGISTER_MODE_MISSING,
	};
	struct uffdio_poison poison = {
		.range = { (uintptr_t)page_at(&map, 3), page_size() },
	};

	if (uffd < 0 || ioctl(uffd, UFFDIO_API, &api) || ioctl(uffd, UFFDIO_REGISTER, &reg) ||
	    ioctl(uffd, UFFDIO_POISON, &poison))
		not_made("poison-marker", "no userfaultfd markers of poison");
	else
		made("poison-marker", &map, 3);
}

/* The page is of no use any more to anybody: not on a machine that others use. */
static void poisoned_state(void)
{
	struct range map = anon(MAP_PRIVATE);

	memset(map.addr, 1, map.len);
	if (!strstr(getenv("ANONMEM_STATES") ?: "", "poisoned"))
		not_made("poisoned", "it would cost the machine a page");
	else if (madvise(page_at(&map, 3), page_size(), MADV_HWPOISON))
		not_made("poisoned", strerror(errno));
	else
		made("poisoned", &map, 3);
}

static void shared_after_fork(void)
{
	struct range map = anon(MAP_PRIVATE);

	memset(map.addr, 1, map.len);
	fork_idle();
	made("anon-forked", &map, 4);
}

/* What cannot be had on demand: facts made up as the kernel has been seen to give. */
static int facts(void)
{
#define SLOT(type, offset) (PM_SWAP | (uint64_t)(offset) << PM_SWAP_TYPE_BITS | (type))
	static const struct {
		struct page page;
		enum page_state state;
	} rows[] = {
		{ { .entry = SLOT(28, 0x12345), .have = HAVE_FRAME | HAVE_KPAGE,
		    .flags = KPF(LOCKED) | KPF(ANON) }, PAGE_MIGRATING },
		{ { .entry = SLOT(26, 0x12345) | PM_FILE, .have = HAVE_FRAME | HAVE_KPAGE,
		    .flags = KPF(LOCKED), .kind = VMA_SHMEM, .shared = true }, PAGE_MIGRATING },
		{ { .entry = PM_SWAP | PM_FILE, .kind = VMA_FILE }, PAGE_MIGRATING },
		{ { .entry = SLOT(23, 0x12345), .have = HAVE_FRAME | HAVE_KPAGE,
		    .flags = KPF(HWPOISON) }, PAGE_POISONED },
		{ { .entry = SLOT(31, 2), .have = HAVE_FRAME }, PAGE_POISONED },
		{ { .entry = SLOT(31, 4), .have = HAVE_FRAME }, PAGE_GUARD },
		{ { .entry = SLOT(30, 1) | PM_UFFD_WP, .have = HAVE_FRAME }, PAGE_MARKER },
		{ { .entry = PM_SWAP | PM_GUARD }, PAGE_GUARD },
		{ { .entry = SLOT(27, 0x7ffff00), .have = HAVE_FRAME | HAVE_KPAGE,
		    .flags = KPF(NOPAGE) }, PAGE_SPECIAL },
		{ { .entry = SLOT(0, 1), .have = HAVE_FRAME }, PAGE_SWAPPED },
		{ { .entry = PM_SWAP }, PAGE_UNKNOWN },
		{ { .entry = PM_SWAP | PM_UFFD_WP }, PAGE_UNKNOWN },
		{ { .entry = PM_SWAP | PM_UFFD_WP, .kind = VMA_SHMEM, .shared = true }, PAGE_MARKER },
		{ { .entry = PM_PRESENT }, PAGE_UNKNOWN },
		{ { .entry = PM_PRESENT | PM_FILE }, PAGE_ZERO },
		{ { .entry = PM_PRESENT | PM_EXCLUSIVE }, PAGE_ANON },
		{ { .entry = PM_PRESENT | 1, .have = HAVE_FRAME | HAVE_KPAGE,
		    .flags = KPF(NOPAGE) }, PAGE_SPECIAL },
		{ { .kind = VMA_SHMEM, .backing = BACKING_EVICTED }, PAGE_SWAPPED },
		{ { .kind = VMA_SHMEM, .backing = BACKING_UNASKED }, PAGE_UNKNOWN },
		{ { .kind = VMA_FILE, .backing = BACKING_LEASED }, PAGE_UNKNOWN },
		{ { .kind = VMA_FILE, .backing = BACKING_REMOTE }, PAGE_UNKNOWN },
		{ { .kind = VMA_FILE, .backing = BACKING_DATA }, PAGE_UNKNOWN },
	};
	int wrong = 0;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct page page = rows[i].page;

		page_classify(&page);
		if (page.state == rows[i].state)
			continue;
		printf("row %zu: %s, not %s\n", i, page_state_name(page.state),
		       page_state_name(rows[i].state));
		wrong++;
	}
	return wrong != 0;
}

static int await_end(void)
{
	char c;

	puts("ready");
	fflush(stdout);
	while (read(STDIN_FILENO, &c, 1) > 0)
		;
	return 0;
}

static int states(bool may_swap)
{
	int ret = may_swap ? swaparea_acquire(&area) : -EPERM;

	swaps = !ret;
	if (may_swap && ret)
		fprintf(stderr, "findpage-driver: no swap area: %s\n", strerror(-ret));
	pin_to_cpu();
	private_states();
	shared_states();
	file_states();
	hugetlb_state();
	thp_states();
	guard_state();
	marker_state();
	poison_marker_state();
	poisoned_state();
	shared_after_fork();
	fflush(stdout);
	ret = await_end();
	if (swaps)
		swaparea_release(&area);
	return ret;
}

/* All pages in one call: kernels since 6.3 unmap many before they copy the first. */
static bool move_to_node(const struct range *map, int node)
{
	size_t pages = map->pages;
	void **addr = calloc(pages, sizeof(*addr));
	int *nodes = calloc(pages, sizeof(*nodes)), *status = calloc(pages, sizeof(*status));
	bool moved = addr && nodes && status;

	for (size_t i = 0; moved && i < pages; i++) {
		addr[i] = page_at(map, i);
		nodes[i] = node;
	}
	/* What is busy at the moment stays, which is no matter but for the first. */
	moved = moved && syscall(__NR_move_pages, 0, pages, addr, nodes, status, MPOL_MF_MOVE) >= 0 &&
		status[0] == node;
	free(addr);
	free(nodes);
	free(status);
	return moved;
}

#define TURN_MS	1000

/*
 * Who looks sees pages on their way from another CPU; or, where the mover waits
 * for the CPU, those that it was about to move, since 6.3. A machine emulated by
 * one thread may never show the first, as its CPUs change where the mover waits
 * for the others. So both in turn.
 */
static void share_cpu_of_looks(int cpu, bool share)
{
	struct sched_param none = { 0 };
	cpu_set_t cpus;

	CPU_ZERO(&cpus);
	for (int i = 0; i < CPU_SETSIZE; i++)
		if ((i == cpu) == share)
			CPU_SET(i, &cpus);
	/* Of two CPUs the only other one may be forbidden; then it is always shared. */
	if (!sched_setaffinity(0, sizeof(cpus), &cpus))
		sched_setscheduler(0, share ? SCHED_IDLE : SCHED_OTHER, &none);
}

static void *keep_moving(void *arg)
{
	int cpu = sched_getcpu(), node = 0;
	cpu_set_t looks;

	CPU_ZERO(&looks);
	CPU_SET(cpu, &looks);
	/* The shell's children inherit it; nothing but looks follows there. */
	sched_setaffinity(getppid(), sizeof(looks), &looks);
	for (bool share = false;; share = !share) {
		long long end = patience_until(TURN_MS);

		share_cpu_of_looks(cpu, share);
		for (; patience_now() < end; node = !node)
			move_to_node(arg, node);
	}
	return NULL;
}

static int migrate(const char *how)
{
	bool huge = !strcmp(how, "thp");
	struct range map, moved;
	pthread_t mover;
	int ret = huge ? map_thp(&map) : map_private(&map, 512);

	if (ret) {
		puts(huge ? "- no THP" : "- no memory");
		return await_end();
	}
	memset(map.addr, 1, map.len);
	moved = map;
	/* The first page of a huge one takes the others along. */
	if (huge)
		moved.pages = 1;
	if (!move_to_node(&moved, 0) || !move_to_node(&moved, 1))
		puts("- no two NUMA nodes to move pages between");
	else if (pthread_create(&mover, NULL, keep_moving, &moved))
		puts("- no thread");
	else
		printf("%jx-%jx\n", (uintmax_t)(uintptr_t)map.addr,
		       (uintmax_t)((uintptr_t)map.addr + map.len));
	return await_end();
}

static int fill(const char *bytes, const char *how)
{
	size_t len = (size_t)strtoull(bytes, NULL, 0), page = page_size();
	bool private = !how || !strcmp(how, "private") || !strcmp(how, "sparse");
	int flags = private ? MAP_PRIVATE : MAP_SHARED;
	char *addr = mmap(NULL, len + 2 * page, PROT_READ | PROT_WRITE,
			  flags | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (addr == MAP_FAILED || mprotect(addr, page, PROT_NONE) ||
	    mprotect(addr + page + len, page, PROT_NONE)) {
		perror("findpage-driver: fill");
		return 1;
	}
	addr += page;
	madvise(addr, len, MADV_NOHUGEPAGE);
	if (how && !strcmp(how, "holes"))
		for (size_t i = 0; i < len / page; i += 2)
			addr[i * page] = 1;
	else if (how && !strcmp(how, "sparse"))
		for (size_t i = 0; i < 1000; i++)
			addr[len / 1000 / page * page * i] = 1;
	else
		memset(addr, 1, len);
	if (how && (!strcmp(how, "away") || !strcmp(how, "holes")))
		madvise(addr, len, MADV_DONTNEED);
	printf("%jx-%jx\n", (uintmax_t)(uintptr_t)addr, (uintmax_t)((uintptr_t)addr + len));
	return await_end();
}

/* Mostly in the mount namespace of the file system's keeper, where it has its name. */
static int open_own(enum ownfs_kind kind, bool named)
{
	char path[64], name[64];
	int keeper, fd = -1, err;

	err = ownfs_begin() ?: ownfs_path(kind, path, sizeof(path));
	if (err)
		return err;
	if (named && sscanf(path, "/proc/%d/", &keeper) == 1) {
		snprintf(name, sizeof(name), "/proc/%d/ns/mnt", keeper);
		fd = open(name, O_RDONLY | O_CLOEXEC);
		if (fd < 0 || setns(fd, CLONE_NEWNS))
			return -errno;
		close(fd);
	}
	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

static int open_where(const char *where)
{
	static const char * const own[NR_OWNFS_KINDS] = {
		[OWNFS_EXT4] = "ext4",		[OWNFS_XFS] = "xfs",
		[OWNFS_BTRFS] = "btrfs",	[OWNFS_OVERLAY] = "overlay",
	};
	int fd;

	for (enum ownfs_kind kind = 0; kind < NR_OWNFS_KINDS; kind++)
		if (!strcmp(where, own[kind]) || (!strncmp(where, "no-", 3) &&
						  !strcmp(where + 3, own[kind])))
			return open_own(kind, where[0] != 'n');
	fd = open(where, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

/* A nameless file; @dir is -1 for a memfd. */
static int object_file(int dir, size_t size)
{
	int fd = dir < 0 ? memfd_create("object", MFD_CLOEXEC) :
		 openat(dir, "object", O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	if (fd < 0 || (dir >= 0 && unlinkat(dir, "object", 0)) || ftruncate(fd, (off_t)size)) {
		perror("findpage-driver: object");
		exit(1);
	}
	posix_fadvise(fd, 0, 0, POSIX_FADV_RANDOM);
	return fd;
}

/* What there is of a page, from what was done to the file and what mincore() says. */
static char letter_of(char *addr, size_t page, size_t pages, bool data, bool shmem)
{
	unsigned char in = 0;

	if (pagemap_entry(0, addr) & PM_PRESENT)
		return 'm';
	if (page >= pages)
		return 'b';
	if (!mincore(addr, page_size(), &in) && in & 1)
		return 'c';
	return !shmem ? 'n' : data ? 's' : 'h';
}

/*
 * @holes has a bit for each of the last pages, the last of all in bit 0.  A byte
 * makes a page: its first, one in the middle, or its last.
 */
static void object(int dir, bool shmem, size_t size, unsigned int holes)
{
	static const char * const how[] = { "whole", "touched", "beyond", "behind", "first" };
	const size_t page = page_size(), pages = (size + page - 1) / page;
	const size_t from[] = { 0, 0, 0, pages - 1, 0 };
	const size_t end[] = { pages, pages, pages + 2, pages + 2, 1 };
	int fd = object_file(dir, size);
	char *addr[5];

	for (size_t i = 0; i < pages; i++) {
		size_t at = i * page + (i % 3 ? i % 3 == 1 ? page / 2 : page - 1 : 0);

		if (!(holes >> (pages - 1 - i) & 1) &&
		    pwrite(fd, "x", 1, (off_t)(at < size ? at : size - 1)) != 1)
			exit(1);
	}
	for (size_t i = 0; i < 5; i++) {
		size_t len = (end[i] - from[i]) * page;

		/* A gap keeps what is mapped next from being one with it. */
		addr[i] = mmap(NULL, len + page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		if (addr[i] == MAP_FAILED ||
		    mmap(addr[i], len, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, fd,
			 (off_t)(from[i] * page)) == MAP_FAILED)
			exit(1);
		madvise(addr[i], len, MADV_RANDOM);
	}
	load(addr[1]);
	close(fd);
	for (size_t i = 0; i < 5; i++) {
		printf("%jx-%jx ", (uintmax_t)(uintptr_t)addr[i],
		       (uintmax_t)((uintptr_t)addr[i] + (end[i] - from[i]) * page));
		for (size_t n = from[i]; n < end[i]; n++)
			putchar(letter_of(addr[i] + (n - from[i]) * page, n, pages,
					  n < pages && !(holes >> (pages - 1 - n) & 1), shmem));
		printf(" %zu %u %s\n", size, holes, how[i]);
	}
}

/* Ends at every offset of the last pages that may make a difference, and all holes. */
static int objects(const char *where)
{
	const size_t page = page_size(), tails[] = { 0, 1, page / 2, page - 1 };
	bool memfd = !strcmp(where, "memfd");
	int dir = memfd ? -1 : open_where(where);
	struct statfs fs;

	if (!memfd && (dir < 0 || fstatfs(dir, &fs))) {
		printf("- %s\n", strerror(dir < 0 ? -dir : errno));
		return await_end();
	}
	for (size_t pages = 0; pages < 5; pages++)
		for (size_t i = 0; i < sizeof(tails) / sizeof(*tails); i++)
			for (unsigned int holes = 0; holes < 8; holes++)
				if (pages || i)
					object(dir, memfd || (unsigned long)fs.f_type == TMPFS_MAGIC,
					       pages * page + tails[i], holes);
	fflush(stdout);
	await_end();
	ownfs_end();
	return 0;
}

/* What a kernel that does not know them says of two system calls. */
static int old(char **command)
{
#define LOAD(what)	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, what))
#define SKIP_UNLESS(value, many) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (value), 0, (many))
#define ANSWER(what)	BPF_STMT(BPF_RET | BPF_K, (what))
	const uint16_t one = 1;
	const size_t low = *(const char *)&one ? 0 : 4;
	struct sock_filter filter[] = {
		LOAD(nr),
		SKIP_UNLESS(__NR_cachestat, 1),
		ANSWER(SECCOMP_RET_ERRNO | ENOSYS),
		SKIP_UNLESS(__NR_ioctl, 3),
		LOAD(args[1]),
		SKIP_UNLESS((uint32_t)PAGEMAP_SCAN, 1),
		ANSWER(SECCOMP_RET_ERRNO | ENOTTY),
		ANSWER(SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { sizeof(filter) / sizeof(*filter), filter };

	filter[4].k += low;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program)) {
		perror("findpage-driver: seccomp");
		return 1;
	}
	execv(command[0], command);
	return 127;
}

static int print_entries(void *arg, const struct vma *vma)
{
	struct target *target = arg;
	uint64_t entry;

	for (uint64_t at = vma->start; at < vma->end; at += target->page) {
		if (target_entries(target, at, 1, &entry) != 1)
			continue;
		/* Others map files as well: this program is one of them. */
		if (entry & PM_FILE)
			entry &= ~PM_EXCLUSIVE;
		printf("%" PRIx64 " %" PRIx64 "\n", at, entry);
	}
	return 0;
}

static int entries(const char *pid)
{
	struct target target;
	const char *why;

	if (target_open(&target, atoi(pid), &why)) {
		fprintf(stderr, "findpage-driver: %s\n", why);
		return 1;
	}
	return maps_each(target.maps, print_entries, &target) ? 1 : 0;
}

static void step(struct range *map, const char *what, pid_t *child)
{
	if (!strcmp(what, "fork")) {
		*child = fork_idle();
	} else if (!strcmp(what, "write")) {
		memset(map->addr, 2, map->len / 2);
	} else if (!strcmp(what, "exit")) {
		kill(*child, SIGKILL);
		waitpid(*child, NULL, 0);
	} else if (!strcmp(what, "unmap")) {
		munmap(page_at(map, 6), page_size());
	} else if (!strcmp(what, "exec")) {
		execlp("sleep", "sleep", "60", NULL);
	}
	puts("done");
	fflush(stdout);
}

static int steps(void)
{
	struct range map = anon(MAP_PRIVATE);
	pid_t child = 0;
	char line[64];

	memset(map.addr, 1, map.len);
	printf("%jx-%jx\n", (uintmax_t)(uintptr_t)map.addr,
	       (uintmax_t)((uintptr_t)map.addr + map.len));
	puts("ready");
	fflush(stdout);
	while (fgets(line, sizeof(line), stdin)) {
		line[strcspn(line, "\n")] = '\0';
		step(&map, line, &child);
	}
	if (child)
		kill(child, SIGKILL);
	return 0;
}

static int busy(void)
{
	puts("ready");
	fflush(stdout);
	for (;;) {
		struct range map = anon(MAP_PRIVATE), shared = anon(MAP_SHARED);
		pid_t pid;

		memset(map.addr, 1, map.len);
		memset(shared.addr, 1, shared.len);
		pid = fork();
		if (!pid)
			_exit(0);
		memset(map.addr, 2, map.len);
		waitpid(pid, NULL, 0);
		unmap(&map);
		unmap(&shared);
	}
}

static double ms_of(struct timeval time)
{
	return (double)time.tv_sec * 1e3 + (double)time.tv_usec / 1e3;
}

static int run_once(char **command, double *ms, double *cpu, long *rss)
{
	struct timespec from, to;
	struct rusage usage;
	int status;
	pid_t pid;

	clock_gettime(CLOCK_MONOTONIC, &from);
	pid = fork();
	if (!pid) {
		int null = open("/dev/null", O_WRONLY);

		dup2(null, STDOUT_FILENO);
		execv(command[0], command);
		_exit(127);
	}
	if (wait4(pid, &status, 0, &usage) != pid || status)
		return 1;
	clock_gettime(CLOCK_MONOTONIC, &to);
	*ms = (double)(to.tv_sec - from.tv_sec) * 1e3 + (double)(to.tv_nsec - from.tv_nsec) / 1e6;
	*cpu = ms_of(usage.ru_utime) + ms_of(usage.ru_stime);
	*rss = usage.ru_maxrss;
	return 0;
}

static int best(char **command)
{
	double least = 1e9, least_cpu = 1e9, ms, cpu;
	long most = 0, rss;

	for (int i = 0; i < 10; i++) {
		if (run_once(command, &ms, &cpu, &rss))
			return 1;
		least = ms < least ? ms : least;
		least_cpu = cpu < least_cpu ? cpu : least_cpu;
		most = rss > most ? rss : most;
	}
	printf("%.1f %.1f %ld\n", least, least_cpu, most);
	return 0;
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";

	if (!strcmp(what, "states"))
		return states(argc < 3);
	if (!strcmp(what, "migrate") && argc > 2)
		return migrate(argv[2]);
	if (!strcmp(what, "fill") && argc > 2)
		return fill(argv[2], argv[3]);
	if (!strcmp(what, "objects") && argc > 2)
		return objects(argv[2]);
	if (!strcmp(what, "old") && argc > 2)
		return old(argv + 2);
	if (!strcmp(what, "entries") && argc > 2)
		return entries(argv[2]);
	if (!strcmp(what, "steps"))
		return steps();
	if (!strcmp(what, "facts"))
		return facts();
	if (!strcmp(what, "busy"))
		return busy();
	if (!strcmp(what, "best") && argc > 2)
		return best(argv + 2);
	fputs("findpage-driver: states | migrate | fill | objects | old | entries | steps | facts |"
	      " busy | best\n", stderr);
	return 2;
}
