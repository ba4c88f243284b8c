// SPDX-License-Identifier: GPL-2.0
/* Block devices: their numbers, and loop devices over files. */
#include <errno.h>
#include <fcntl.h>
#include <linux/loop.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "../observe/procfs.h"
#include "blockdev.h"

/**
 * disk_number - the device number of a disk
 * @disk: its name in /sys/block
 * @number: where to put it
 *
 * Return: 0 or -errno.
 */
int disk_number(const char *disk, dev_t *number)
{
	unsigned int major, minor;
	char path[64], *text;
	int err, got;

	snprintf(path, sizeof(path), "/sys/block/%s/dev", disk);
	err = procfs_slurp(path, &text, NULL);
	if (err)
		return err;
	got = sscanf(text, "%u:%u", &major, &minor);
	free(text);
	if (got != 2)
		return -EINVAL;
	*number = makedev(major, minor);
	return 0;
}

/**
 * loop_control - add or remove a loop device
 * @op: LOOP_CTL_ADD or LOOP_CTL_REMOVE
 * @number: of the device
 *
 * Return: 0 or -errno; -ENOENT where there is no /dev/loop-control.
 */
int loop_control(unsigned long op, int number)
{
	int fd = open("/dev/loop-control", O_RDWR | O_CLOEXEC);
	int err;

	if (fd < 0)
		return -errno;
	err = ioctl(fd, op, number) < 0 ? -errno : 0;
	close(fd);
	return err;
}

/**
 * loop_backing - what a loop device stands on
 * @number: of the device
 * @path: set to the file's path as the kernel gives it, to be freed; it
 *	depends on who asks
 *
 * Return: 1, 0 where the device is free, or -ENODEV where there is none.
 */
int loop_backing(int number, char **path)
{
	char name[64];

	snprintf(name, sizeof(name), "/sys/block/loop%d", number);
	if (access(name, F_OK))
		return -ENODEV;
	snprintf(name, sizeof(name), "/sys/block/loop%d/loop/backing_file", number);
	return !procfs_slurp(name, path, NULL);
}

/**
 * loop_attach - put a loop device on a file until nobody has it open
 * @loop: the device, open
 * @file: the file
 * @any: also on kernels before 5.8, in steps between which the device would
 *	outlive the caller; at once there is no such moment
 *
 * Return: 0 or -errno; -EBUSY where somebody was faster, -EINVAL or -ENOTTY on
 * kernels that cannot.
 */
int loop_attach(int loop, int file, bool any)
{
	const struct loop_info64 info = { .lo_flags = LO_FLAGS_AUTOCLEAR };
#ifdef LOOP_CONFIGURE
	const struct loop_config config = { .fd = (__u32)file, .info = info };

	if (!ioctl(loop, LOOP_CONFIGURE, &config))
		return 0;
#else
	errno = ENOTTY;
#endif
	if (!any || (errno != EINVAL && errno != ENOTTY))
		return -errno;
	if (ioctl(loop, LOOP_SET_FD, file) || ioctl(loop, LOOP_SET_STATUS64, &info))
		return -errno;
	return 0;
}
