// SPDX-License-Identifier: GPL-2.0
/* The ways to memory that processes share and that no file system names. */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdint.h>
#include <sys/ipc.h>
#include <sys/prctl.h>
#include <sys/shm.h>
#include <unistd.h>

#include "../borrow/scratch.h"
#include "../borrow/thp.h"
#include "../observe/pagemap.h"
#include "../observe/sysmem.h"
#include "access.h"
#include "hugepage.h"
#include "sharing.h"

/**
 * sharing_name - what /proc/PID/maps calls such memory
 * @how: the way to it
 */
const char *sharing_name(enum sharing how)
{
	static const char * const names[NR_SHARINGS] = {
		[SHARE_ANONYMOUS] = "/dev/zero (deleted)",
		[SHARE_MEMFD] = "/memfd:anonmem (deleted)",
		[SHARE_DEV_ZERO] = "/dev/zero (deleted)",
		[SHARE_SYSV] = "/SYSV00000000 (deleted)",
	};

	return names[how];
}

/* As root of a user namespace of one's own where it takes that. */
static int new_ipc_namespace(void)
{
	if (!unshare(CLONE_NEWIPC))
		return 0;
	if (errno != EPERM || unshare(CLONE_NEWUSER | CLONE_NEWIPC))
		return -errno;
	/* New credentials hide the process from itself, see proc(5). */
	return prctl(PR_SET_DUMPABLE, 1) ? -errno : 0;
}

/**
 * sharing_sysv_ready - give the process System V segments of its own
 *
 * A segment lives until somebody removes it, which a process that was killed
 * does not; but it dies with its IPC namespace, and that with the process and
 * its children.
 *
 * Return: 0, also when done before, or -errno: -EPERM where the process may
 * not have a namespace, -ENOSYS or -EINVAL without CONFIG_SYSVIPC or IPC_NS.
 */
int sharing_sysv_ready(void)
{
	static pid_t ready_for;
	int ret = 0;

	if (ready_for != getpid())
		ret = new_ipc_namespace();
	/* The first has number 0, and maps shows the number as the inode. */
	if (!ret && ready_for != getpid() && shmget(IPC_PRIVATE, 1, 0600) < 0)
		ret = -errno;
	if (!ret)
		ready_for = getpid();
	return ret;
}

static int place_mmap(void *addr, size_t len, int flags, int fd)
{
	if (mmap(addr, len, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED | flags, fd, 0) ==
	    MAP_FAILED)
		return -errno;
	return 0;
}

/* The mapping holds the object; the descriptor is not needed for long. */
static int place_fd(void *addr, size_t len, int fd)
{
	int ret;

	if (fd < 0)
		return fd;
	ret = place_mmap(addr, len, 0, fd);
	close(fd);
	return ret;
}

static int place_sysv(void *addr, size_t len)
{
	int id = shmget(IPC_PRIVATE, len, 0600);
	int ret = 0;

	if (id < 0)
		return -errno;
	if (shmat(id, addr, SHM_REMAP) == (void *)-1)
		ret = -errno;
	if (shmctl(id, IPC_RMID, NULL) && !ret)
		ret = -errno;
	return ret;
}

/**
 * sharing_place - map a new shared object of base pages
 * @how: what kind of object
 * @addr: where, in place of what is mapped there
 * @len: in bytes
 *
 * For SHARE_SYSV, sharing_sysv_ready() comes first, in this process or in one
 * that forked it, and @addr is a multiple of SHMLBA.
 *
 * Return: 0 or -errno.
 */
int sharing_place(enum sharing how, void *addr, size_t len)
{
	int ret, zero;

	switch (how) {
	case SHARE_MEMFD:
		ret = place_fd(addr, len,
			       scratch_file(SCRATCH_MEMFD, len / page_size()));
		break;
	case SHARE_DEV_ZERO:
		zero = open("/dev/zero", O_RDWR | O_CLOEXEC);
		ret = place_fd(addr, len, zero < 0 ? -errno : zero);
		break;
	case SHARE_SYSV:
		ret = place_sysv(addr, len);
		break;
	default:
		ret = place_mmap(addr, len, MAP_ANONYMOUS, -1);
	}
	/* Without THP in the kernel there is nothing to forbid: EINVAL. */
	if (!ret && madvise(addr, len, MADV_NOHUGEPAGE) && errno != EINVAL)
		ret = -errno;
	return ret;
}

/**
 * map_sharing - map shared memory with a page-table boundary inside
 * @map: where to describe it, see map_pages()
 * @pages: how many
 * @how: what kind of object, or SHARE_NOT
 *
 * Return: 0 or -errno, see sharing_place().
 */
int map_sharing(struct range *map, size_t pages, enum sharing how)
{
	size_t page = page_size();
	size_t align = how == SHARE_SYSV ? (size_t)SHMLBA : page;
	int ret;

	if (how == SHARE_NOT)
		return map_private_across_tables(map, pages);
	ret = map_across_tables(map, pages + align / page - 1, PROT_NONE,
				MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (ret)
		return ret;
	map->addr += (align - (uintptr_t)map->addr % align) % align;
	map->pages = pages;
	map->len = pages * page;
	ret = sharing_place(how, map->addr, map->len);
	if (ret)
		unmap(map);
	return ret;
}

/**
 * map_shmem_thp - map shared memory where one huge page would fit
 * @map: where to describe it
 * @how: what kind of object
 *
 * The first touch may bring the huge page, see thp_shmem_enable().
 *
 * Return: 0 or -errno, see sharing_place().
 */
int map_shmem_thp(struct range *map, enum sharing how)
{
	size_t size = thp_pmd_size();
	int ret = map_private_aligned(map, size / page_size(), size);

	if (ret)
		return ret;
	ret = sharing_place(how, map->addr, map->len);
	if (!ret && madvise(map->addr, map->len, MADV_HUGEPAGE))
		ret = -errno;
	if (ret)
		unmap(map);
	return ret;
}

static int touch_shmem_thp(struct range *map, size_t size, int how)
{
	long long fell_back = vmstat_event("thp_file_fallback");
	int ret = map_shmem_thp(map, (enum sharing)how) ?: store(map->addr + 5, 1);

	(void)size;
	/* Only then is it for want of memory that there is none. */
	if (ret || vmstat_event("thp_file_fallback") == fell_back)
		return ret;
	unmap(map);
	return -EAGAIN;
}

/**
 * map_touched_shmem_thp - map_shmem_thp(), and store 1 in its sixth byte
 * @map: where to describe it
 * @how: what kind of object
 *
 * Return: 0, also where the kernel did not even try to give a huge page; -EAGAIN
 * where it fell back for want of contiguous memory; -EBUSY where it did so without
 * want; or another -errno.
 */
int map_touched_shmem_thp(struct range *map, enum sharing how)
{
	return thp_insist(map, thp_pmd_size(), touch_shmem_thp, (int)how,
			  "thp_file_fallback_charge");
}

/**
 * map_duplicate - map a shared object once more in the same process
 * @map: where to describe the new mapping
 * @of: the mapping there is
 *
 * By mremap(2) with an old size of 0.
 *
 * Return: 0 or -errno.
 */
int map_duplicate(struct range *map, const struct range *of)
{
	int ret = map_pages(map, of->pages, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (ret)
		return ret;
	if (mremap(of->addr, 0, of->len, MREMAP_MAYMOVE | MREMAP_FIXED, map->addr) == MAP_FAILED) {
		ret = -errno;
		unmap(map);
	}
	return ret;
}
