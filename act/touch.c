// SPDX-License-Identifier: GPL-2.0
/* The ways in which a byte of memory comes to be written. */
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../observe/pagemap.h"
#include "../observe/procfs.h"
#include "access.h"
#include "touch.h"

/**
 * touch_by_store - write a byte as programs do: the CPU faults
 * @addr: where
 * @byte: what
 *
 * Return: as store().
 */
int touch_by_store(void *addr, uint8_t byte)
{
	return store(addr, byte);
}

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
 * touch_by_mem - touch_mem_of() the caller
 * @addr: where
 * @byte: what
 *
 * Return: 0 or -errno.
 */
int touch_by_mem(void *addr, uint8_t byte)
{
	return touch_mem_of(0, addr, byte);
}

/**
 * touch_after_protection - write-protect a page, undo that, and store
 * @addr: where, in a mapping that may be written
 * @byte: what
 *
 * When mprotect(2) gives the permission back it may map a page writable at
 * once, where nobody else has it, and save the fault.
 *
 * Return: as store(), or -errno.
 */
int touch_after_protection(void *addr, uint8_t byte)
{
	char *page = (char *)addr - (uintptr_t)addr % page_size();

	if (mprotect(page, page_size(), PROT_READ) ||
	    mprotect(page, page_size(), PROT_READ | PROT_WRITE))
		return -errno;
	return store(addr, byte);
}
