// SPDX-License-Identifier: GPL-2.0
/*
 * Settings of the machine, changed for the length of a test case.
 *
 * Who depends on a setting below /sys/kernel/mm holds a lock on that directory,
 * whether there is anything to change or not: what it finds set might be
 * another run's doing, and gone the next moment.  The lock is bound to an open
 * file description, which the guardian has open too: it ends when what was
 * changed is as before, whoever is killed.  Anybody may take that lock, so
 * nobody waits for it for ever.
 *
 * What to write in the end is noted in memory that is shared with the guardian,
 * each time before something is changed.  Only the death of both at once, by
 * SIGKILL, leaves the machine changed.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../observe/patience.h"
#include "../observe/procfs.h"
#include "settings.h"

#define LOCKED_DIR	"/sys/kernel/mm"
#define MOST_NOTES	32

struct note {
	char path[96], value[32];
};

struct settings_notes {
	size_t nr;
	struct note note[MOST_NOTES];
};

/**
 * setting_read - what a file below /sys/kernel/mm is set to
 * @path: the file; other files of one value will do
 * @value: where to put the value: of several words the one in brackets
 * @size: of @value, in bytes
 *
 * Return: true, or false where the file cannot be read.
 */
bool setting_read(const char *path, char *value, size_t size)
{
	char *text, *word;
	size_t len;

	if (procfs_slurp(path, &text, NULL))
		return false;
	word = strchr(text, '[');
	word = word ? word + 1 : text;
	len = strcspn(word, "]\n");
	if (len < size) {
		memcpy(value, word, len);
		value[len] = '\0';
	}
	free(text);
	return len < size;
}

/**
 * words_have - is a word among several?
 * @words: with blanks, commas or line ends between them
 * @word: which
 *
 * Return: true where it is.
 */
bool words_have(const char *words, const char *word)
{
	static const char between[] = " ,\n";
	size_t len;

	for (; *words; words += len) {
		words += strspn(words, between);
		len = strcspn(words, between);
		if (len && len == strlen(word) && !strncmp(words, word, len))
			return true;
	}
	return false;
}

/**
 * setting_is - is a setting one of several words?
 * @path: the file
 * @words: the words, with blanks between them
 *
 * Return: true where it is.
 */
bool setting_is(const char *path, const char *words)
{
	char value[32];

	return setting_read(path, value, sizeof(value)) && words_have(words, value);
}

/**
 * setting_write - write a file of the kernel's, once
 * @path: the file
 * @value: what
 *
 * Return: 0 or -errno.
 */
int setting_write(const char *path, const char *value)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	int err = 0;

	if (fd < 0)
		return -errno;
	if (write(fd, value, strlen(value)) < 0)
		err = -errno;
	close(fd);
	return err;
}

/*
 * The last first, and nothing that is right already.  SETTING_MIN_FREE least of
 * all: a number that is written counts as the administrator's wish ever after.
 * The kernel reckons it by what it was, and so may come to the old one when
 * what is noted next, and right by now, is written once more.
 */
static void restore(void *arg)
{
	const struct settings_notes *notes = arg;

	for (size_t i = notes->nr; i--;) {
		const struct note *note = &notes->note[i], *next = note + 1;

		if (setting_is(note->path, note->value))
			continue;
		if (i + 1 < notes->nr && !strcmp(note->path, SETTING_MIN_FREE)) {
			setting_write(next->path, next->value);
			if (setting_is(note->path, note->value))
				continue;
		}
		setting_write(note->path, note->value);
	}
}

/**
 * settings_hold - keep other runs from changing settings
 * @settings: to hold them by; nothing changes where that is done already
 * @patience_ms: how long to wait for another run, in milliseconds
 *
 * Until settings_release() or the end of the process, all it forked, and the
 * guardian.  Forked processes hold them too, and cannot release them.
 *
 * Return: 0, also where there is no such directory and so nothing to hold;
 * -ETIMEDOUT where another run did not let go; or another -errno.
 */
int settings_hold(struct settings *settings, int patience_ms)
{
	long long deadline = patience_until(patience_ms);
	int fd, err;

	if (settings->owner)
		return 0;
	fd = open(LOCKED_DIR, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT ? 0 : -errno;
	do {
		err = flock(fd, LOCK_EX | LOCK_NB) ? -errno : 0;
	} while ((err == -EWOULDBLOCK || err == -EINTR) && patience_left(deadline));
	if (err) {
		close(fd);
		return err == -EWOULDBLOCK ? -ETIMEDOUT : err;
	}
	settings->owner = getpid();
	settings->lock = fd;
	return 0;
}

static bool may_change(void)
{
	const char *want = getenv("ANONMEM_SYSFS");

	return !want || !*want || !strcmp(want, "auto");
}

static int begin_notes(struct settings *settings)
{
	void *notes;
	int err;

	if (settings->notes)
		return 0;
	notes = mmap(NULL, sizeof(*settings->notes), PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (notes == MAP_FAILED)
		return -errno;
	err = guardian_start(&settings->guardian, settings->lock, restore, notes);
	if (err)
		munmap(notes, sizeof(*settings->notes));
	else
		settings->notes = notes;
	return err;
}

/**
 * settings_note - have something written to a setting in the end
 * @settings: as settings_hold() left them
 * @path: the file
 * @value: what to write, where it is not what is set by then
 *
 * What is noted last is written first.
 *
 * Return: 0, or -errno: -ECANCELED where ANONMEM_SYSFS is "off" or has a value
 * it cannot have, -EPERM where the settings are not held by this process,
 * -EACCES and others where the file cannot be written.
 */
int settings_note(struct settings *settings, const char *path, const char *value)
{
	struct settings_notes *notes;
	struct note *note;
	int err;

	if (!may_change())
		return -ECANCELED;
	if (settings->owner != getpid())
		return -EPERM;
	if (access(path, W_OK))
		return -errno;
	err = begin_notes(settings);
	if (err)
		return err;
	notes = settings->notes;
	note = &notes->note[notes->nr];
	if (notes->nr == MOST_NOTES || strlen(path) >= sizeof(note->path) ||
	    strlen(value) >= sizeof(note->value))
		return -E2BIG;
	strcpy(note->path, path);
	strcpy(note->value, value);
	/* The guardian reads it after our death: only the compiler could reorder. */
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	notes->nr++;
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	return 0;
}

/**
 * settings_keep - have a setting in the end be what it is now
 * @settings: as settings_hold() left them
 * @path: the file; where it was kept or noted before, that stands
 *
 * Return: 0 or -errno, see settings_note().
 */
int settings_keep(struct settings *settings, const char *path)
{
	char old[sizeof(settings->notes->note->value)];

	for (size_t i = 0; settings->notes && i < settings->notes->nr; i++)
		if (!strcmp(settings->notes->note[i].path, path))
			return 0;
	if (!setting_read(path, old, sizeof(old)))
		return -EIO;
	return settings_note(settings, path, old);
}

/**
 * settings_change - change a setting until the settings are released
 * @settings: as settings_hold() left them
 * @path: the file
 * @value: what to write
 *
 * Return: 0 or -errno, see settings_note().
 */
int settings_change(struct settings *settings, const char *path, const char *value)
{
	return settings_keep(settings, path) ?: setting_write(path, value);
}

/**
 * settings_release - put all settings back, and let others change them
 * @settings: as settings_hold() left them, or not held
 *
 * Does nothing in a process forked by the one that holds them.
 */
void settings_release(struct settings *settings)
{
	if (settings->owner != getpid())
		return;
	if (settings->notes) {
		restore(settings->notes);
		guardian_dismiss(&settings->guardian);
		munmap(settings->notes, sizeof(*settings->notes));
	}
	/* Also for those forked meanwhile, who have the same lock. */
	flock(settings->lock, LOCK_UN);
	close(settings->lock);
	memset(settings, 0, sizeof(*settings));
}
