// SPDX-License-Identifier: GPL-2.0
/* The ways in which a byte of memory comes to be written, a debugger's among them. */
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../observe/pagemap.h"
#include "../observe/patience.h"
#include "../observe/procfs.h"
#include "access.h"
#include "peer.h"
#include "range.h"
#include "touch.h"

/* A traced process stops at once; an emulated machine under load may not. */
#define STOP_PATIENCE_MS	10000

/**
 * touch_by_syscall - have read(2) put a byte there: the kernel faults
 * @addr: where
 * @byte: what
 *
 * Return: 0 or -errno, -EFAULT where a store would have been a signal.
 */
int touch_by_syscall(void *addr, uint8_t byte)
{
	int ends[2], ret = 0;

	if (pipe2(ends, O_CLOEXEC))
		return -errno;
	if (write(ends[1], &byte, 1) != 1 || read(ends[0], addr, 1) != 1)
		ret = -errno;
	close(ends[0]);
	close(ends[1]);
	return ret;
}

/**
 * touch_mem_of - write a byte through /proc/PID/mem: nobody faults
 * @pid: whose memory, 0 for the caller's
 * @addr: where
 * @byte: what
 *
 * The kernel looks the page up for somebody else's sake (GUP), and with the
 * force of ptrace: protection does not hold it.
 *
 * Return: 0 or -errno.
 */
int touch_mem_of(pid_t pid, void *addr, uint8_t byte)
{
	int fd = procfs_open(pid, "mem", O_RDWR);
	int ret = 0;

	if (fd < 0)
		return fd;
	if (pwrite(fd, &byte, 1, (off_t)(uintptr_t)addr) != 1)
		ret = -errno;
	close(fd);
	return ret;
}

/**
 * mem_forces - may the caller go past protection through /proc/PID/mem?
 * @pid: of which process, 0 for the caller
 * @closed: memory of its own that it may not read: PROT_NONE
 *
 * What allows it is the same for reading (proc_mem.force_override= in
 * admin-guide/kernel-parameters.txt), and to write is what cases are about.
 */
bool mem_forces(pid_t pid, const void *closed)
{
	int fd = procfs_open(pid, "mem", O_RDONLY);
	bool forces;
	char byte;

	if (fd < 0)
		return false;
	forces = pread(fd, &byte, 1, (off_t)(uintptr_t)closed) == 1;
	close(fd);
	return forces;
}

/**
 * touch_by_mem_forces - may touch_by_mem() write what is mapped read-only?
 */
bool touch_by_mem_forces(void)
{
	struct range page;
	bool forced;

	if (map_pages(&page, 1, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0))
		return false;
	forced = mem_forces(0, page.addr);
	unmap(&page);
	return forced;
}

/**
 * touch_after_protection - write-protect a page, undo that, and store
 * @addr: where, in a mapping that may be written
 * @byte: what
 *
 * When mprotect(2) gives the permission back it may map a page writable at
 * once, where nobody else has it, and save the fault.
 *
 * Return: as store(), or -errno, -ECANCELED where there was no protection.
 */
int touch_after_protection(void *addr, uint8_t byte)
{
	char *page = (char *)addr - (uintptr_t)addr % page_size();

	if (mprotect(page, page_size(), PROT_READ))
		return -errno;
	if (touch_by_syscall(addr, byte) != -EFAULT)
		return -ECANCELED;
	if (mprotect(page, page_size(), PROT_READ | PROT_WRITE))
		return -errno;
	return store(addr, byte);
}

/**
 * in_touch - have a byte written
 * @addr: where
 * @fn: how, a touch_fn
 * @byte: what
 *
 * Return: as @fn.
 */
long in_touch(void *addr, size_t fn, long byte)
{
	return ((touch_fn)fn)(addr, (uint8_t)byte);
}

/**
 * in_touch_each - have a byte of each page changed, in another place each time
 * @addr: where the pages start
 * @len: in bytes
 * @fn: how, a touch_fn
 *
 * It becomes neither zero nor what pattern_fill() put there with seed 1.
 *
 * Return: 0, or as @fn.
 */
long in_touch_each(void *addr, size_t len, long fn)
{
	size_t page = page_size();
	int ret = 0;

	for (size_t i = 0; !ret && i < len / page; i++) {
		size_t at = i * page + i * 97 % page;

		ret = ((touch_fn)fn)((char *)addr + at, pattern_byte(at, 1) % 255 + 1);
	}
	return ret;
}

static int await_stop(pid_t pid)
{
	long long deadline = patience_until(STOP_PATIENCE_MS);
	int status;
	pid_t got;

	do {
		got = waitpid(pid, &status, WNOHANG | __WALL);
		if (got < 0)
			return -errno;
		if (got)
			return WIFSTOPPED(status) ? 0 : -ESRCH;
	} while (patience_left(deadline));
	return -ETIMEDOUT;
}

/* The word that holds @addr, with its byte changed, goes back in one piece. */
static int poke(pid_t pid, uintptr_t addr, uint8_t byte)
{
	uintptr_t at = addr & ~(sizeof(long) - 1);
	long word;

	errno = 0;
	word = ptrace(PTRACE_PEEKDATA, pid, (void *)at, NULL);
	if (errno)
		return -errno;
	((uint8_t *)&word)[addr - at] = byte;
	return ptrace(PTRACE_POKEDATA, pid, (void *)at, (void *)word) ? -errno : 0;
}

/**
 * trace_attach - become a process's debugger and let it run
 * @pid: a child of the caller
 *
 * Some kernels let nobody else write past protection through /proc/PID/mem.
 *
 * Return: 0 or -errno.
 */
int trace_attach(pid_t pid)
{
	return ptrace(PTRACE_SEIZE, pid, NULL, NULL) ? -errno : 0;
}

/**
 * trace_poke - write a byte into a process's memory, past its protection
 * @pid: a child of the caller; it is stopped meanwhile
 * @addr: where, in that process
 * @byte: what
 *
 * See PTRACE_POKEDATA in ptrace(2).
 *
 * Return: 0, -errno, or -ETIMEDOUT where it would not stop.
 */
int trace_poke(pid_t pid, void *addr, uint8_t byte)
{
	int ret = trace_attach(pid);

	if (ret)
		return ret;
	if (ptrace(PTRACE_INTERRUPT, pid, NULL, NULL))
		ret = -errno;
	ret = ret ?: await_stop(pid);
	ret = ret ?: poke(pid, (uintptr_t)addr, byte);
	if (ptrace(PTRACE_DETACH, pid, NULL, NULL) && !ret)
		ret = -errno;
	return ret;
}

/**
 * trace_permitted - may the caller trace its children?
 *
 * Sandboxes and security modules forbid it.
 */
bool trace_permitted(void)
{
	struct peer peer;
	bool permitted;

	if (peer_fork(&peer))
		return false;
	permitted = !trace_attach(peer.pid);
	return !peer_exit(&peer) && permitted;
}
