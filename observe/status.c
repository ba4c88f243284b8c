// SPDX-License-Identifier: GPL-2.0
/* /proc/PID/status and statm. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "procfs.h"
#include "status.h"

static const char *find_line(const char *text, const char *name)
{
	size_t len = strlen(name);
	const char *line = text;

	while (line && (strncmp(line, name, len) || line[len] != ':')) {
		line = strchr(line, '\n');
		if (line)
			line++;
	}
	return line ? line + len + 1 : NULL;
}

/**
 * status_number - one number of /proc/PID/status
 * @pid: the process, 0 for the caller
 * @name: of the line, e.g. "RssAnon"
 *
 * The Rss* lines are approximations on many kernels (per-CPU counters whose
 * batches are not summed, 6.2 and newer); see filesystems/proc.rst.
 *
 * Return: the number; where it is followed by "kB", in bytes.  -errno where
 * it cannot be read, -ENOENT where no such line is.
 */
long long status_number(pid_t pid, const char *name)
{
	long long number;
	const char *at;
	char *text, *end;
	int ret = procfs_slurp_pid(pid, "status", &text);

	if (ret)
		return ret;
	at = find_line(text, name);
	number = at ? strtoll(at, &end, 10) : -ENOENT;
	if (at && !strncmp(end, " kB", 3))
		number <<= 10;
	free(text);
	return number;
}

/**
 * status_lag_pages - how far one Rss* line, or VmSwap, may be off
 *
 * For a process of one thread that stays on one CPU: what that CPU holds back
 * is less than a per-CPU counter's batch (6.2 and newer, lib/percpu_counter.c)
 * or what the task counts for itself (before).  A fault may map many pages of
 * a file, so the latter holds after RSS_EVENTS faults only.
 *
 * Return: the largest error, in pages.
 */
long status_lag_pages(void)
{
	long batch = 2 * sysconf(_SC_NPROCESSORS_ONLN);

	return batch > RSS_EVENTS ? batch : RSS_EVENTS;
}

/**
 * status_state - what a process is doing
 * @pid: the process, 0 for the caller
 *
 * Return: the letter of its State, see proc_pid_status(5): 'R' where it runs or
 * could, 'S' where it waits; 0 where that cannot be read.
 */
char status_state(pid_t pid)
{
	const char *at;
	char *text, state;

	if (procfs_slurp_pid(pid, "status", &text))
		return 0;
	at = find_line(text, "State");
	state = at ? at[strspn(at, " \t")] : 0;
	free(text);
	return state;
}

/**
 * statm_number - one number of /proc/PID/statm
 * @pid: the process, 0 for the caller
 * @column: which
 *
 * As approximate as the Rss* lines of status, see status_drift_pages().
 *
 * Return: the number, in pages, or -errno.
 */
long long statm_number(pid_t pid, enum statm column)
{
	long long number = 0;
	char *text, *at;
	int ret = procfs_slurp_pid(pid, "statm", &text);

	if (ret)
		return ret;
	at = text;
	for (int i = 0; i <= (int)column; i++)
		number = strtoll(at, &at, 10);
	free(text);
	return number;
}
