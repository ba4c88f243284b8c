// SPDX-License-Identifier: GPL-2.0
/* Memory cgroups: which one a frame is charged to, and what that of the caller leaves. */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cgroup.h"
#include "procfs.h"

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

/**
 * cgroup_mount - find where cgroups of version 2 are mounted
 * @whole: not a part of the hierarchy, as seen from the caller's namespace
 * @mount: where to put the directory's path
 * @size: of @mount in bytes
 *
 * Return: 0, -ENOENT where they are nowhere, or another -errno.
 */
int cgroup_mount(bool whole, char *mount, size_t size)
{
	FILE *file = fopen("/proc/self/mountinfo", "re");
	char *line = NULL, root[4096], at[4096];
	int ret = -ENOENT;
	size_t len = 0;

	if (!file)
		return -errno;
	while (ret && getline(&line, &len, file) > 0)
		if (strstr(line, " - cgroup2 ") &&
		    sscanf(line, "%*d %*d %*s %4095s %4095s", root, at) == 2 &&
		    (!whole || !strcmp(root, "/")))
			ret = snprintf(mount, size, "%s", at) < (int)size ? 0 : -ENAMETOOLONG;
	free(line);
	fclose(file);
	return ret;
}

/* A number of a file of a cgroup, LLONG_MAX for "max", or -errno. */
static long long number_in(const char *dir, const char *file)
{
	char path[4200], *text;
	long long number;
	int ret;

	snprintf(path, sizeof(path), "%s/%s", dir, file);
	ret = procfs_slurp(path, &text, NULL);
	if (ret)
		return ret;
	number = strncmp(text, "max", 3) ? strtoll(text, NULL, 10) : LLONG_MAX;
	free(text);
	return number;
}

/* What a cgroup leaves by itself; the uppermost of all has no limit, nor the file for it. */
static long long left_by(const char *dir)
{
	long long max = number_in(dir, "memory.swap.max");
	long long current = number_in(dir, "memory.swap.current");

	/* What does not fit into zswap then stays in memory. */
	if (!number_in(dir, "memory.zswap.writeback"))
		return -EXDEV;
	if (max == -ENOENT || max == LLONG_MAX)
		return LLONG_MAX;
	if (max < 0 || current < 0)
		return max < 0 ? max : current;
	return max > current ? max - current : 0;
}

/*
 * Puts the directory of the caller's cgroup of version 2 into @dir, @top being the
 * length of its mount's name.  -ENOENT where memory is not this version's business;
 * -EXDEV where a namespace hides the directory; or another -errno.
 */
static int own_directory(char *dir, size_t *top)
{
	char *text, *line;
	int ret = procfs_slurp_pid(0, "cgroup", &text);

	if (ret)
		return ret;
	line = !strncmp(text, "0::", 3) ? text : strstr(text, "\n0::");
	if (!line || strstr(text, ":memory:")) {
		free(text);
		return -ENOENT;
	}
	line = strstr(line, "0::") + 3;
	*strchrnul(line, '\n') = '\0';
	ret = cgroup_mount(true, dir, 4096);
	*top = ret ? 0 : strlen(dir);
	if (!ret)
		snprintf(dir + *top, 4096, "%s", line);
	free(text);
	return ret || strstr(dir + *top, "/..") ? -EXDEV : 0;
}

/**
 * cgroup_is_uppermost - is the caller in no cgroup but the one that all are in?
 *
 * Only what has the whole machine reclaimed takes memory that is charged there.
 *
 * Return: true where it is seen to be so.
 */
bool cgroup_is_uppermost(void)
{
	char dir[8192], type[8300];
	size_t top;

	if (own_directory(dir, &top))
		return false;
	/* All others have this file, also where a namespace calls them "/". */
	snprintf(type, sizeof(type), "%s/cgroup.type", dir);
	return !strcmp(dir + top, "/") && !access(dir, X_OK) && access(type, F_OK);
}

/* Goes one cgroup up, as long as it is below the mount. */
static bool go_up(char *dir, size_t top)
{
	char *slash = strrchr(dir + top, '/');

	if (slash)
		*slash = '\0';
	return slash;
}

/* What is left of one limit of a cgroup, LLONG_MAX where it has none. */
static long long left_of(const char *dir, const char *limit, long long current)
{
	long long most = number_in(dir, limit);

	if (most < 0 || most == LLONG_MAX)
		return LLONG_MAX;
	return most > current ? most - current : 0;
}

/**
 * cgroup_memory_left - how much memory do the caller's cgroups let it have?
 *
 * See memory.max and memory.high in admin-guide/cgroup-v2.rst.
 *
 * Return: so many bytes at most, LLONG_MAX where there is no limit; 0 where there may
 * be one that cannot be seen, or that is of version 1, where it is not looked for.
 */
long long cgroup_memory_left(void)
{
	long long left = LLONG_MAX, current, max, high;
	char dir[8192];
	size_t top;
	int ret = own_directory(dir, &top);

	if (ret)
		return access("/proc/self/cgroup", F_OK) ? LLONG_MAX : 0;
	do {
		current = number_in(dir, "memory.current");
		max = left_of(dir, "memory.max", current);
		high = left_of(dir, "memory.high", current);
		left = max < left ? max : left;
		left = high < left ? high : left;
	} while (go_up(dir, top));
	return number_in(dir, "memory.max") == -ENOENT ? left : 0;
}

/**
 * cgroup_lets_swap - do the caller's cgroups leave room in swap?
 * @room: how much, in bytes
 *
 * See memory.swap.max in admin-guide/cgroup-v2.rst.  Version 1 limits memory and
 * swap together, which keeps nothing from being swapped out.
 *
 * Return: 1 or 0; -EXDEV where there may be a limit that cannot be seen (the upper
 * cgroups are hidden by a namespace); or another -errno.
 */
int cgroup_lets_swap(long long room)
{
	char dir[8192];
	long long left;
	size_t top;
	int ret = own_directory(dir, &top);

	if (ret)
		return ret == -ENOENT ? 1 : ret;
	do {
		left = left_by(dir);
		if (left < room)
			return left < 0 ? (int)left : 0;
	} while (go_up(dir, top));
	/* What has a limit of its own is not the uppermost. */
	return number_in(dir, "memory.swap.max") == -ENOENT ? 1 : -EXDEV;
}
