// SPDX-License-Identifier: GPL-2.0
/* Starting to watch which pages get written. */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "../observe/procfs.h"
#include "softdirty.h"

/**
 * soft_dirty_clear - forget which pages of a process were written
 * @pid: the process, 0 for the caller
 *
 * Writes 4 to clear_refs, see admin-guide/mm/soft-dirty.rst.  Kernels that do
 * not track soft-dirty take that, too, and do nothing.
 *
 * Return: 0 or -errno.
 */
int soft_dirty_clear(pid_t pid)
{
	int fd = procfs_open(pid, "clear_refs", O_WRONLY);
	int ret = 0;

	if (fd < 0)
		return fd;
	if (write(fd, "4", 1) != 1)
		ret = -errno;
	close(fd);
	return ret;
}
