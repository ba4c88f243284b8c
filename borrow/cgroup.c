// SPDX-License-Identifier: GPL-2.0
/* Memory cgroups (version 2) for the length of a case. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../observe/cgroup.h"
#include "../observe/patience.h"
#include "../observe/procfs.h"
#include "cgroup.h"
#include "settings.h"

/* A cgroup is busy for a moment after its last process has gone. */
#define PATIENCE_MS	5000

static bool has_word(const char *dir, const char *file, const char *word)
{
	char path[4200], *text;
	bool has;

	snprintf(path, sizeof(path), "%s/%s", dir, file);
	if (procfs_slurp(path, &text, NULL))
		return false;
	has = words_have(text, word);
	free(text);
	return has;
}

/**
 * cgroup_possible - may the caller make memory cgroups?
 *
 * Below the top of the hierarchy, and only where memory is accounted there
 * already: switching that on would be felt by everybody.
 */
bool cgroup_possible(void)
{
	char mount[4096];

	return !cgroup_mount(false, mount, sizeof(mount)) && !access(mount, W_OK) &&
	       has_word(mount, "cgroup.subtree_control", "memory");
}

static int remove_one(const char *path)
{
	long long deadline = patience_until(PATIENCE_MS);

	while (rmdir(path) && errno != ENOENT)
		if (errno != EBUSY || !patience_left(deadline))
			return -errno;
	return 0;
}

static void restore(void *arg)
{
	const struct cgroups *groups = arg;

	for (int i = 0; i < CGROUPS; i++)
		remove_one(groups->path[i]);
}

/**
 * cgroups_make - make empty memory cgroups
 * @groups: where to describe them
 *
 * They go with cgroups_remove(), or when the caller and all it forked have
 * ended, however they ended.
 *
 * Return: 0 or -errno.
 */
int cgroups_make(struct cgroups *groups)
{
	char mount[4000];
	int ret = cgroup_mount(false, mount, sizeof(mount));

	if (ret)
		return ret;
	for (int i = 0; i < CGROUPS; i++)
		snprintf(groups->path[i], sizeof(groups->path[i]), "%s/anonmem-%d-%d", mount,
			 (int)getpid(), i);
	ret = guardian_start(&groups->guardian, -1, restore, groups);
	/* Of that name there is at most what nobody outlived to remove. */
	for (int i = 0; !ret && i < CGROUPS; i++)
		ret = remove_one(groups->path[i]) ?: mkdir(groups->path[i], 0755) ? -errno : 0;
	if (ret)
		cgroups_remove(groups);
	return ret;
}

/**
 * cgroups_remove - remove cgroups that nobody is in any more
 * @groups: as cgroups_make() made them
 *
 * What is still charged to them stays so until it is freed.
 *
 * Return: 0 or -errno.
 */
int cgroups_remove(struct cgroups *groups)
{
	int ret = 0;

	for (int i = 0; i < CGROUPS; i++)
		ret = remove_one(groups->path[i]) ?: ret;
	guardian_dismiss(&groups->guardian);
	return ret;
}

/**
 * cgroup_enter - move a process into a cgroup
 * @path: of the cgroup's directory
 * @pid: the process; what it was charged for before stays where it is
 *
 * Return: 0 or -errno.
 */
int cgroup_enter(const char *path, pid_t pid)
{
	char procs[4200], number[16];

	snprintf(procs, sizeof(procs), "%s/cgroup.procs", path);
	snprintf(number, sizeof(number), "%d", (int)pid);
	return setting_write(procs, number);
}
