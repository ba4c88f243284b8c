// SPDX-License-Identifier: GPL-2.0
/* /proc/PID/maps, one VMA at a time and in constant memory. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "maps.h"

static const char *take_number(const char *at, int base, char stop, uint64_t *value)
{
	const char *digits = base == 16 ? "0123456789abcdef" : "0123456789";
	size_t len = strspn(at, digits);

	if (!len || len > 20 || at[len] != stop)
		return NULL;
	errno = 0;
	*value = strtoull(at, NULL, base);
	return errno ? NULL : at + len + 1;
}

static const char *take_perms(const char *at, char perms[5])
{
	static const char * const allowed[] = { "r-", "w-", "x-", "ps" };

	for (size_t i = 0; i < 4; i++) {
		if (!at[i] || !strchr(allowed[i], at[i]))
			return NULL;
		perms[i] = at[i];
	}
	perms[4] = '\0';
	return at[4] == ' ' ? at + 5 : NULL;
}

/**
 * maps_parse - take a line of maps apart
 * @line: "START-END PERMS OFFSET MAJOR:MINOR INODE NAME", without its newline
 * @vma: where to put the parts; its name points into @line
 *
 * See proc_pid_maps(5).
 *
 * Return: 0, or -EINVAL where @line is no such line.
 */
int maps_parse(const char *line, struct vma *vma)
{
	uint64_t major, minor;
	size_t len;

	line = take_number(line, 16, '-', &vma->start);
	line = line ? take_number(line, 16, ' ', &vma->end) : NULL;
	line = line ? take_perms(line, vma->perms) : NULL;
	line = line ? take_number(line, 16, ' ', &vma->offset) : NULL;
	line = line ? take_number(line, 16, ':', &major) : NULL;
	line = line ? take_number(line, 16, ' ', &minor) : NULL;
	if (!line || vma->start >= vma->end || major > UINT32_MAX || minor > UINT32_MAX)
		return -EINVAL;
	vma->major = (unsigned int)major;
	vma->minor = (unsigned int)minor;

	len = strspn(line, "0123456789");
	if (!take_number(line, 10, line[len], &vma->inode) || (line[len] && line[len] != ' '))
		return -EINVAL;
	line += len;
	vma->name = line + strspn(line, " ");
	return 0;
}

/* Hands out the whole lines of @text; returns how much of it they were. */
static int take_lines(char *text, size_t *used, vma_fn take, void *arg)
{
	char *line = text, *end;
	int ret = 0;

	while (!ret && (end = memchr(line, '\n', *used - (size_t)(line - text)))) {
		struct vma vma;

		*end = '\0';
		ret = maps_parse(line, &vma);
		if (!ret)
			ret = take(arg, &vma);
		line = end + 1;
	}
	*used -= (size_t)(line - text);
	memmove(text, line, *used);
	return ret;
}

/**
 * maps_each - hand out the VMAs of a process in the order of their addresses
 * @fd: of /proc/PID/maps
 * @take: called with each; the VMA is valid until it returns
 * @arg: for @take
 *
 * The process runs on meanwhile.  The kernel resumes each read after the last
 * address it has shown, so what is handed out never overlaps.
 *
 * Return: 0, what @take returned to end the pass, or -errno of the read.
 */
int maps_each(int fd, vma_fn take, void *arg)
{
	bool overlong = false;
	char text[32768];
	size_t used = 0;
	ssize_t got;
	int ret = 0;

	if (lseek(fd, 0, SEEK_SET) < 0)
		return -errno;
	while (!ret && (got = read(fd, text + used, sizeof(text) - used))) {
		char *rest = text;

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -errno;
		/* The rest of a path that was too long and has been handed out cut. */
		if (overlong) {
			rest = memchr(text, '\n', (size_t)got);
			if (!rest)
				continue;
			rest++;
			overlong = false;
		}
		used += (size_t)got - (size_t)(rest - text);
		memmove(text, rest, used);
		if (used == sizeof(text) && !memchr(text, '\n', used)) {
			text[used - 1] = '\n';
			overlong = true;
		}
		ret = take_lines(text, &used, take, arg);
	}
	return ret;
}

/* Do the first @size bytes at @shown, where maps wrote a newline as \012, say @plain? */
static bool same_name(const char *shown, size_t size, const char *plain)
{
	while (size && *plain) {
		bool newline = size >= 4 && !strncmp(shown, "\\012", 4) && *plain == '\n';
		size_t step = newline ? 4 : 1;

		if (!newline && *shown != *plain)
			return false;
		shown += step;
		size -= step;
		plain++;
	}
	return !size && !*plain;
}

/**
 * vma_is_named - is this the name of a mapping?
 * @vma: the mapping
 * @name: as maps shows it, or with newlines for its \012; the last part of a
 *	path will do, and so will a path without " (deleted)"
 */
bool vma_is_named(const struct vma *vma, const char *name)
{
	static const char deleted[] = " (deleted)";
	const ptrdiff_t tail = sizeof(deleted) - 1;
	const char *slash = strrchr(vma->name, '/'), *base = slash ? slash + 1 : vma->name;
	const char *end = vma->name + strlen(vma->name), *cut = end;

	if (end - vma->name > tail && !strcmp(end - tail, deleted))
		cut = end - tail;
	return *name && (same_name(vma->name, (size_t)(end - vma->name), name) ||
			 same_name(base, (size_t)(end - base), name) ||
			 same_name(vma->name, (size_t)(cut - vma->name), name) ||
			 same_name(base, (size_t)(cut - base), name));
}
