// SPDX-License-Identifier: GPL-2.0
/*
 * A swap area for the length of a test program.
 *
 * Runs that overlap share one area, and the last one out removes it. What they
 * share is a file that holds the record of what was made and carries two kinds
 * of lock, all of them bound to an open file description and so released by
 * the kernel when the last process that has it open ends, however it ends:
 *
 *   byte 0		whoever reads or changes the record; held briefly
 *   a byte of its own	each run that uses the area, from main() to the end of
 *			the last process it forked
 *
 * Nobody else uses the area when no byte but one's own is locked. The locks
 * are never converted, so there is no moment at which an area that was found
 * can be removed by another run before it is taken into use.
 *
 * A run that is killed leaves the record; its guardian or, if that was killed
 * too, the next run takes the area over or removes it.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/swap.h>
#include <unistd.h>

#include "../observe/patience.h"
#include "../observe/privilege.h"
#include "swaparea.h"
#include "swapmake.h"

#define STATE_NAME	"anonmem-swap.state"
/* Another run may be writing 64 MiB to a slow disk, or swapping them in. */
#define LOCK_MS		30000
/* Each takes up to half a minute where something is in the way. */
#define LEAVE_TRIES	4
#define FIRST_SLOT	16
#define SLOT_MASK	0x3fffffff

struct state {
	int fd;
	char path[64];
	struct swapmake *made;
};

/* The first that exists and can be written: the same for all runs of a boot. */
static const char *const state_dirs[] = { "/run", "/tmp", "/dev", NULL };

/* In /tmp anybody may have put a file of that name there. */
static bool is_trusted(const struct stat *st)
{
	return S_ISREG(st->st_mode) && !st->st_uid && st->st_nlink == 1 &&
	       !(st->st_mode & 0022);
}

static bool state_exists(void)
{
	char path[64];
	struct stat st;

	for (const char *const *dir = state_dirs; *dir; dir++) {
		snprintf(path, sizeof(path), "%s/" STATE_NAME, *dir);
		if (!lstat(path, &st) && is_trusted(&st))
			return true;
	}
	return false;
}

/* ---- locks ---- */

static int lock_byte(int fd, off_t byte)
{
	struct flock lock = {
		.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = byte, .l_len = 1,
	};

	return fcntl(fd, F_OFD_SETLK, &lock) ? -errno : 0;
}

static int is_locked(int fd, off_t start, off_t len)
{
	struct flock lock = {
		.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = start, .l_len = len,
	};

	if (fcntl(fd, F_OFD_GETLK, &lock))
		return -errno;
	return lock.l_type != F_UNLCK;
}

/* 1 when a run other than that of the slot uses the area, 0, or -errno. */
static int others_use(const struct state *state, long slot)
{
	/* The slot is past the first one: a length of zero would mean the rest. */
	int below = is_locked(state->fd, FIRST_SLOT, slot - FIRST_SLOT);

	return below ? below : is_locked(state->fd, slot + 1, 0);
}

/* ---- the state file ---- */

static int open_trusted(const char *path, int flags)
{
	struct stat st;
	int fd = open(path, flags | O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0600);

	if (fd < 0)
		return -errno;
	if (!fstat(fd, &st) && is_trusted(&st))
		return fd;
	/* Removed since it was opened: nobody planted that. */
	if (!st.st_nlink) {
		close(fd);
		return -ESTALE;
	}
	close(fd);
	return -EEXIST;
}

static int state_open_anywhere(struct state *state, int flags)
{
	int err = -ENOENT;

	for (const char *const *dir = state_dirs; *dir; dir++) {
		snprintf(state->path, sizeof(state->path), "%s/" STATE_NAME, *dir);
		state->fd = open_trusted(state->path, flags);
		if (state->fd >= 0)
			return 0;
		err = state->fd;
		if (err != -ENOENT && err != -ENOTDIR && err != -EROFS && err != -EACCES)
			break;
	}
	return err;
}

/* Whoever removes the file holds its lock; who waited for that holds nothing. */
static bool is_current(const struct state *state)
{
	struct stat named, opened;

	return !lstat(state->path, &named) && !fstat(state->fd, &opened) &&
	       named.st_dev == opened.st_dev && named.st_ino == opened.st_ino;
}

static int state_lock(struct state *state, int flags)
{
	long long deadline = patience_until(LOCK_MS);
	int err;

	do {
		err = state_open_anywhere(state, flags);
		if (err == -ESTALE)
			continue;
		if (err)
			return err;
		do {
			err = lock_byte(state->fd, 0);
		} while (err == -EAGAIN && is_current(state) && patience_left(deadline));
		if (!err && is_current(state))
			return 0;
		close(state->fd);
		if (err && err != -EAGAIN)
			return err;
	} while (patience_left(deadline));
	return -ETIMEDOUT;
}

/* Written, so that a full file system is an error here and no SIGBUS later. */
static int state_fill(const struct state *state)
{
	static const struct swapmake empty;
	struct stat st;

	if (fstat(state->fd, &st))
		return -errno;
	if (st.st_size >= (off_t)sizeof(empty))
		return 0;
	errno = ENOSPC;
	return pwrite(state->fd, &empty, sizeof(empty), 0) == (ssize_t)sizeof(empty) ? 0 : -errno;
}

static int state_map(struct state *state)
{
	void *map = mmap(NULL, sizeof(*state->made), PROT_READ | PROT_WRITE, MAP_SHARED,
			 state->fd, 0);
	int err;

	if (map == MAP_FAILED)
		return -errno;
	state->made = map;
	err = swapmake_begin(state->made);
	if (err)
		munmap(map, sizeof(*state->made));
	return err;
}

static int state_open(struct state *state, int flags)
{
	int err = state_lock(state, flags);

	if (err)
		return err;
	err = state_fill(state);
	if (err)
		unlink(state->path);	/* too short to name anything */
	else
		err = state_map(state);
	if (err)
		close(state->fd);
	return err;
}

static void state_close(struct state *state)
{
	munmap(state->made, sizeof(*state->made));
	close(state->fd);
}

/* Removes what was made and the file, unless another run goes on using it. */
static int state_drop(struct state *state, long slot)
{
	int err = others_use(state, slot);

	if (err)
		return err < 0 ? err : 0;
	err = swapmake_undo(state->made);
	if (!err && unlink(state->path))
		err = -errno;
	return err;
}

/* ---- joining and leaving ---- */

static int leave(long slot)
{
	struct state state;
	int err = state_open(&state, 0);

	if (err)
		return err == -ENOENT ? 0 : err;
	err = state_drop(&state, slot);
	state_close(&state);
	return err;
}

static void leave_for(void *arg)
{
	const long *slot = arg;

	for (int tries = 0; tries < LEAVE_TRIES; tries++)
		if (!leave(*slot))
			break;
}

static int take_into_use(struct swaparea *area, const struct state *state)
{
	int fd = open_trusted(state->path, 0);
	int err;

	if (fd < 0)
		return fd;
	err = lock_byte(fd, area->slot);
	if (err) {
		close(fd);
		return err;
	}
	area->use = fd;
	area->ours = true;
	swapmake_name(state->made->swap, area->path, sizeof(area->path));
	return 0;
}

/*
 * With the record locked: use the area that is there, whether its run goes on
 * or was killed, or clear away what is left of it and make a new one.
 */
static int settle(struct swaparea *area, struct state *state, unsigned int kinds)
{
	bool listed;
	int err = swapmake_others(state->made, &listed);

	if (err < 0)
		return err;
	if (err) {
		state_drop(state, area->slot);
		return 0;
	}
	if (!listed || !swapmake_is_of_this_boot(state->made)) {
		err = swapmake_undo(state->made);
		if (!err) {
			memset(state->made, 0, sizeof(*state->made));
			err = swapmake_begin(state->made);
		}
		if (!err)
			err = swapmake_make(state->made, kinds);
	}
	if (!err)
		err = take_into_use(area, state);
	if (err)
		state_drop(state, area->slot);
	return err;
}

static int join(struct swaparea *area, unsigned int kinds)
{
	struct state state;
	int err = state_open(&state, O_CREAT);

	if (err)
		return err;
	err = settle(area, &state, kinds);
	state_close(&state);
	return err;
}

/* ---- what callers see ---- */

static int wanted_kinds(unsigned int *kinds)
{
	static const char *const names[] = { "zram", "file", "loop" };
	const char *want = getenv("ANONMEM_SWAP"), *const *name = names;

	*kinds = SWAPMAKE_ZRAM | SWAPMAKE_FILE | SWAPMAKE_LOOP;
	if (!want || !*want || !strcmp(want, "auto"))
		return 0;
	if (!strcmp(want, "off"))
		return -ECANCELED;
	for (*kinds = SWAPMAKE_ZRAM; *kinds <= SWAPMAKE_LOOP; *kinds <<= 1, name++)
		if (!strcmp(want, *name))
			return 0;
	return -EINVAL;
}

/*
 * Without the lock: does the machine have swap that no run of ours can take
 * away? An area of ours is in use only while the state file exists, and there
 * is one at most.
 */
static int has_own_swap(bool *state_seen)
{
	bool before = state_exists();
	bool listed;
	int areas = swapmake_others(NULL, &listed);

	*state_seen = before || state_exists();
	if (areas < 0)
		return areas;
	return areas - *state_seen > 0;
}

/**
 * swaparea_acquire - have a swap area to page out to
 * @area: filled in; must stay where it is until swaparea_release()
 *
 * Call it once, from main(), before anything is forked. Swap that the machine
 * has is used as it is, and nothing is made or locked. Otherwise, as root with
 * CAP_SYS_ADMIN, an area of 64 MiB is made: zram, else a file in $TMPDIR or the
 * current directory, else a loop device over one. It is shared with runs that
 * overlap this one, and it goes away with the last of them: by
 * swaparea_release(), or by the guardian process that this call forks when the
 * program ends in any other way.
 *
 * Every wait is bounded: by half a minute for another run to finish making or
 * removing the area.
 *
 * The environment variable ANONMEM_SWAP set to "off" forbids all of this, the
 * use of existing swap included, since to page out is to touch it. For tests
 * of this very function, "zram", "file" and "loop" restrict what is made (not
 * what is joined).
 *
 * Return: 0, or -errno: -ECANCELED with ANONMEM_SWAP=off, -EINVAL with a value
 * it cannot have, -EPERM without swap and privilege (also where another run
 * has an area that may go away at any moment), -ENOENT on a kernel without
 * swap, -ETIMEDOUT where another run does not let go of the lock, -EBADMSG or
 * -EEXIST where the state file is not one of ours, else what the last way to
 * make an area failed with. Nothing is left behind then.
 */
int swaparea_acquire(struct swaparea *area)
{
	unsigned int kinds;
	bool state_seen;
	int err;

	memset(area, 0, sizeof(*area));
	area->owner = getpid();
	err = wanted_kinds(&kinds);
	if (err)
		return err;
	err = has_own_swap(&state_seen);
	if (err < 0)
		return err;
	if (!privilege_is_full(CAP_SYS_ADMIN) || geteuid())
		return err ? 0 : -EPERM;
	if (err && !state_seen)
		return 0;
	area->slot = FIRST_SLOT + 1 + (long)(swapmake_unique() & SLOT_MASK);
	err = guardian_start(&area->guardian, -1, leave_for, &area->slot);
	if (err)
		return err;
	err = join(area, kinds);
	if (!area->ours)
		guardian_dismiss(&area->guardian);
	return err;
}

/**
 * swaparea_is_shared - does another run use the area at this moment?
 * @area: from swaparea_acquire(), also in a forked child
 *
 * What it swaps shows in the numbers of the area.
 *
 * Return: false too where the area is the machine's own: that is not known.
 */
bool swaparea_is_shared(const struct swaparea *area)
{
	const struct state state = { .fd = area->use };

	return area->ours && others_use(&state, area->slot);
}

/* Open meanwhile: a loop device goes away with its last user. */
static int off_and_on(const char *path)
{
	int hold = open(path, O_RDONLY | O_CLOEXEC);
	int err = hold < 0 ? -errno : 0;

	if (!err && swapoff(path))
		err = -errno;
	/* Of swapon() that would mean that it was not off. */
	if (!err && swapon(path, 0))
		err = errno == EBUSY ? -EEXIST : -errno;
	if (hold >= 0)
		close(hold);
	return err;
}

/**
 * swaparea_empty - bring back all that is in the area, by swapoff(2)
 * @area: from swaparea_acquire(), also in a forked child
 *
 * The area is in use again on return. No run can begin to use it meanwhile.
 *
 * Return: 0; -ENODEV where the area is the machine's own; -EAGAIN where another
 * run uses it, too; or another -errno, also of not getting it into use again.
 */
int swaparea_empty(const struct swaparea *area)
{
	struct state state;
	int err;

	if (!area->ours)
		return -ENODEV;
	err = state_open(&state, 0);
	if (err)
		return err;
	err = others_use(&state, area->slot);
	if (err > 0)
		err = -EAGAIN;
	if (!err)
		err = off_and_on(state.made->swap);
	state_close(&state);
	return err;
}

/**
 * swaparea_release - be done with the swap area
 * @area: from swaparea_acquire(), whether that succeeded or not
 *
 * Returns when all is as it was before or, where another run uses the area
 * too, when that is left to the other run. Does nothing in a forked child,
 * which inherits the program's atexit handlers, and nothing when called again.
 *
 * Return: 0, or -errno of what could not be removed; the next run on the
 * machine will try again.
 */
int swaparea_release(struct swaparea *area)
{
	int err;

	if (!area->ours || area->owner != getpid())
		return 0;
	err = leave(area->slot);
	/* Only now: a program killed before this line is still restored. */
	guardian_dismiss(&area->guardian);
	close(area->use);
	area->ours = false;
	area->path[0] = '\0';
	return err;
}
