// SPDX-License-Identifier: GPL-2.0
/* The memory cgroup that a frame is charged to, by name. */
#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cgroup.h"

/* Deeper than any hierarchy that is not built to annoy. */
#define DEPTH	24

static int search(char *path, size_t size, uint64_t inode, int depth)
{
	size_t len = strlen(path);
	struct dirent *entry;
	struct stat st;
	int ret = -ENOENT;
	DIR *dir;

	if (stat(path, &st))
		return -ENOENT;
	if (st.st_ino == inode)
		return 0;
	dir = depth ? opendir(path) : NULL;
	while (dir && ret == -ENOENT && (entry = readdir(dir))) {
		if (entry->d_type != DT_DIR || entry->d_name[0] == '.')
			continue;
		if (snprintf(path + len, size - len, "/%s", entry->d_name) < (int)(size - len))
			ret = search(path, size, inode, depth - 1);
		if (ret)
			path[len] = '\0';
	}
	if (dir)
		closedir(dir);
	return ret;
}

/* "36 35 0:30 /root /mount options [more...] - cgroup SOURCE rw,memory" */
static bool is_memory_mount(const char *line, char *mount, size_t size)
{
	const char *dash = strstr(line, " - cgroup");
	char at[4096];

	if (!dash || sscanf(line, "%*d %*d %*s %*s %4095s", at) != 1)
		return false;
	if (strncmp(dash, " - cgroup2 ", 11) && !strstr(dash, ",memory") &&
	    !strstr(dash, " memory"))
		return false;
	return snprintf(mount, size, "%s", at) < (int)size;
}

/**
 * cgroup_path - find a memory cgroup by the inode number of its directory
 * @inode: as kpagecgroup has it
 * @path: where to put the directory's path
 * @size: of @path in bytes
 *
 * Return: 0, -ENOENT where no mounted hierarchy has it (a cgroup that was
 * removed while pages were still charged to it), or another -errno.
 */
int cgroup_path(uint64_t inode, char *path, size_t size)
{
	FILE *file = fopen("/proc/self/mountinfo", "re");
	char *line = NULL;
	size_t len = 0;
	int ret = -ENOENT;

	if (!file)
		return -errno;
	while (ret && getline(&line, &len, file) > 0)
		if (is_memory_mount(line, path, size))
			ret = search(path, size, inode, DEPTH);
	free(line);
	fclose(file);
	return ret;
}
