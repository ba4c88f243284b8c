// SPDX-License-Identifier: GPL-2.0
/* Opening and reading whole files under /proc and /sys. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "procfs.h"

/* About what smaps says of one VMA. */
#define LINES_AT_ONCE	768

/**
 * procfs_open - open a file of a process's /proc directory
 * @pid: the process, 0 for the caller
 * @name: the file's name below /proc/PID, e.g. "pagemap"
 * @flags: of open(2); O_CLOEXEC is added
 *
 * Return: a file descriptor, or -errno.
 */
int procfs_open(pid_t pid, const char *name, int flags)
{
	char path[128];
	int fd;

	if (pid)
		snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, name);
	else
		snprintf(path, sizeof(path), "/proc/self/%s", name);
	fd = open(path, flags | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

/**
 * procfs_pread - read all that there is of a part of a file
 * @fd: of the file
 * @buf: room for @len bytes
 * @len: how many bytes
 * @at: from where on
 *
 * Return: how many bytes were read, fewer than @len at the end of the file, or -errno.
 */
ssize_t procfs_pread(int fd, void *buf, size_t len, uint64_t at)
{
	size_t done = 0;

	while (done < len) {
		ssize_t got = pread(fd, (char *)buf + done, len - done, (off_t)(at + done));

		if (got < 0 && errno != EINTR)
			return -errno;
		if (!got)
			break;
		done += got > 0 ? (size_t)got : 0;
	}
	return (ssize_t)done;
}

/* Reads and closes what was opened; @fd may be an -errno. */
static int slurp_fd(int fd, char **text, size_t *len)
{
	size_t size = 0, used = 0;
	char *buf = NULL, *more;
	int err = fd < 0 ? -fd : 0;
	ssize_t got = 1;

	while (!err && got) {
		if (size - used < 2048) {
			size = size ? 2 * size : 4096;
			more = realloc(buf, size);
			err = more ? 0 : ENOMEM;
			buf = more ?: buf;
			continue;
		}
		got = read(fd, buf + used, size - used - 1);
		if (got > 0)
			used += (size_t)got;
		if (got < 0 && errno != EINTR)
			err = errno;
	}
	if (fd >= 0)
		close(fd);
	if (err) {
		free(buf);
		return -err;
	}
	buf[used] = '\0';
	*text = buf;
	if (len)
		*len = used;
	return 0;
}

/**
 * procfs_slurp - read a file to its end
 * @path: the file
 * @text: where to put the text, NUL-terminated; the caller frees it
 * @len: where to put its length in bytes, or NULL
 *
 * Return: 0, or -errno; then @text is not touched.
 */
int procfs_slurp(const char *path, char **text, size_t *len)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	return slurp_fd(fd < 0 ? -errno : fd, text, len);
}

/**
 * procfs_slurp_pid - read a file of a process's /proc directory to its end
 * @pid: the process, 0 for the caller
 * @name: the file's name below /proc/PID
 * @text: where to put the text, NUL-terminated; the caller frees it
 *
 * Return: 0, or -errno; then @text is not touched.
 */
int procfs_slurp_pid(pid_t pid, const char *name, char **text)
{
	return slurp_fd(procfs_open(pid, name, O_RDONLY), text, NULL);
}

/*
 * Makes room for what follows the line that was begun, and reads some of it:
 * the kernel makes whole records, e.g. of a VMA, until there is as much as was
 * asked for.
 */
static void read_more(struct procfs_lines *lines)
{
	size_t room;
	ssize_t got;

	memmove(lines->buf, lines->buf + lines->at, lines->used - lines->at);
	lines->used -= lines->at;
	lines->at = 0;
	room = sizeof(lines->buf) - 1 - lines->used;
	do {
		got = read(lines->fd, lines->buf + lines->used,
			   room < LINES_AT_ONCE ? room : LINES_AT_ONCE);
	} while (got < 0 && errno == EINTR);
	if (got < 0)
		lines->err = -errno;
	lines->ended = got <= 0;
	lines->used += got > 0 ? (size_t)got : 0;
}

/**
 * procfs_next_line - the next line of a file
 * @lines: which file, and how far it was read
 *
 * For files where most of what follows need not be made by the kernel.  A line
 * longer than the buffer, which no file of the kernel's has, comes in parts.
 *
 * Return: the line without its newline, valid until the next call; NULL at the
 * end, or where reading failed, see @lines->err.
 */
char *procfs_next_line(struct procfs_lines *lines)
{
	char *line, *newline;

	for (;;) {
		line = lines->buf + lines->at;
		newline = memchr(line, '\n', lines->used - lines->at);
		if (newline || lines->ended ||
		    (!lines->at && lines->used == sizeof(lines->buf) - 1))
			break;
		read_more(lines);
	}
	if (lines->at == lines->used || lines->err)
		return NULL;
	lines->at = newline ? (size_t)(newline + 1 - lines->buf) : lines->used;
	if (newline)
		*newline = '\0';
	else
		lines->buf[lines->used] = '\0';
	return line;
}

/**
 * procfs_number - read a file that holds one decimal number
 * @path: the file
 * @value: where to put the number
 *
 * Return: 0, -errno, or -EINVAL where no number is.
 */
int procfs_number(const char *path, unsigned long long *value)
{
	char *text, *end;
	int ret = procfs_slurp(path, &text, NULL);

	if (ret)
		return ret;
	errno = 0;
	*value = strtoull(text, &end, 10);
	if (end == text || errno)
		ret = -EINVAL;
	free(text);
	return ret;
}
