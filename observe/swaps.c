// SPDX-License-Identifier: GPL-2.0
/* /proc/swaps: the swap areas of the machine. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "procfs.h"
#include "swaps.h"

/**
 * swaps_read - list the swap areas in use
 * @areas: where to put them, in the kernel's order
 * @max: how many fit
 *
 * See proc(5).
 *
 * Return: how many there are, also where fewer fit; 0 too on a kernel without
 * swap; or -errno.
 */
ssize_t swaps_read(struct swap_area *areas, size_t max)
{
	size_t found = 0;
	char *text;
	int ret = procfs_slurp("/proc/swaps", &text, NULL);

	if (ret)
		return ret == -ENOENT ? 0 : ret;
	for (char *line = text; line; line = strchr(line, '\n')) {
		struct swap_area area;

		line += *line == '\n';
		/* "PATH TYPE SIZE USED PRIORITY", in kB; the heading has no numbers. */
		if (sscanf(line, "%4095s %*s %zu %zu", area.path, &area.size, &area.used) != 3)
			continue;
		area.size <<= 10;
		area.used <<= 10;
		if (found++ < max)
			areas[found - 1] = area;
	}
	free(text);
	return (ssize_t)found;
}
