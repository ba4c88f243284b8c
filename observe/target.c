// SPDX-License-Identifier: GPL-2.0
/* A process that is looked at from outside. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "pagemap.h"
#include "procfs.h"
#include "target.h"

/* Flags of a task in /proc/PID/stat; include/linux/sched.h, never changed. */
#define KERNEL_THREAD	0x00200000

struct task {
	char state;
	unsigned long flags;
	uint64_t program[3];
};

static int open_below(const struct target *target, const char *name)
{
	int fd = openat(target->dir, name, O_RDONLY | O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

/* Field @wanted of stat, counted as in proc_pid_stat(5); @after is field 3. */
static const char *stat_field(const char *after, int wanted)
{
	for (int field = 3; after && field < wanted; field++) {
		after = strchr(after, ' ');
		if (after)
			after++;
	}
	return after;
}

static int read_task(const struct target *target, struct task *task)
{
	int fd = open_below(target, "stat");
	const char *after, *at;
	char text[2048];
	ssize_t got;

	if (fd < 0)
		return fd;
	got = read(fd, text, sizeof(text) - 1);
	if (got < 0)
		got = -errno;
	close(fd);
	if (got <= 0)
		return got ? (int)got : -ESRCH;
	text[got] = '\0';
	/* The name of the program is free text in parentheses. */
	after = strrchr(text, ')');
	if (!after || after[1] != ' ')
		return -EINVAL;
	after += 2;
	task->state = *after;
	at = stat_field(after, 9);
	task->flags = at ? strtoul(at, NULL, 10) : 0;
	for (int i = 0; i < 3; i++) {
		at = stat_field(after, 26 + i);
		task->program[i] = at ? strtoull(at, NULL, 10) : 0;
	}
	return 0;
}

static bool is_dead(const struct task *task)
{
	return task->state == 'Z' || task->state == 'X' || task->state == 'x';
}

/* All shared anonymous memory is files of one mount that has no name. */
static void find_shm(struct target *target)
{
	int fd = memfd_create("findpage", MFD_CLOEXEC);
	struct stat st;

	if (fd < 0)
		return;
	if (!fstat(fd, &st)) {
		target->shm_major = major(st.st_dev);
		target->shm_minor = minor(st.st_dev);
	}
	close(fd);
}

static int refuse(int err, const char *reason, const char **why)
{
	*why = reason;
	return err;
}

/* What is not open is -1 or an -errno. */
static void close_memory(struct target *target)
{
	close(target->pagemap);
	close(target->maps);
	target->pagemap = -1;
	target->maps = -1;
}

static int open_memory(struct target *target, const char **why)
{
	target->pagemap = open_below(target, "pagemap");
	if (target->pagemap == -ENOENT)
		return refuse(-ENOENT, "the kernel lacks CONFIG_PROC_PAGE_MONITOR", why);
	if (target->pagemap == -EACCES || target->pagemap == -EPERM)
		return refuse(-EACCES, "it is not yours to look at (ptrace access needed)", why);
	if (target->pagemap < 0)
		return refuse(target->pagemap, "it has no memory, or has just exited", why);
	target->maps = open_below(target, "maps");
	if (target->maps < 0)
		return refuse(target->maps, "/proc/PID/maps does not open", why);
	return 0;
}

/* Opens pagemap and maps, both of the same program. */
static int open_all(struct target *target, const char **why)
{
	struct task task;
	int ret;

	for (int tries = 0; tries < 8; tries++) {
		ret = read_task(target, &task);
		if (ret)
			return refuse(-ESRCH, "it has exited", why);
		if (task.flags & KERNEL_THREAD)
			return refuse(-EINVAL, "a kernel thread has no memory of its own", why);
		if (is_dead(&task))
			return refuse(-ESRCH, "it has exited (a zombie has no memory)", why);
		ret = open_memory(target, why);
		if (ret)
			return ret;
		memcpy(target->program, task.program, sizeof(task.program));
		if (target_fate(target) != TARGET_EXECED)
			return 0;
		close_memory(target);
	}
	return refuse(-EAGAIN, "it does nothing but exec", why);
}

/**
 * target_open - open a process for looking
 * @target: where to describe it
 * @pid: the process
 * @why: on failure, the reason in words
 *
 * Return: 0, or -errno; then nothing is open.
 */
int target_open(struct target *target, pid_t pid, const char **why)
{
	char path[32];
	int ret;

	*target = (struct target){
		.pid = pid, .pagemap = -1, .maps = -1, .page = page_size(),
	};
	snprintf(path, sizeof(path), "/proc/%d", (int)pid);
	target->dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (target->dir < 0)
		return refuse(-errno, errno == ENOENT ? "no such process" : strerror(errno), why);
	ret = open_all(target, why);
	if (ret) {
		target_close(target);
		return ret;
	}
	target->shows_frames = pm_pfn(pagemap_entry(0, &path));
	target->scans = pagemap_scan_supported();
	find_shm(target);
	return 0;
}

/**
 * target_reopen - look again, at whatever program the process runs by now
 * @target: as target_open() made it
 * @why: on failure, the reason in words
 *
 * Return: 0, or -errno; target_close() is due in both cases.
 */
int target_reopen(struct target *target, const char **why)
{
	close_memory(target);
	return open_all(target, why);
}

/**
 * target_close - close what target_open() opened
 * @target: the process
 */
void target_close(struct target *target)
{
	close_memory(target);
	close(target->dir);
	target->dir = -1;
}

/**
 * target_fate - what has become of the process since it was opened?
 * @target: the process
 *
 * An exec shows by where program and stack lie, or, where they lie where they
 * lay, by the death of the address space that pagemap was opened on.
 */
enum target_fate target_fate(const struct target *target)
{
	struct task task;
	uint64_t entry;

	if (read_task(target, &task) || is_dead(&task))
		return TARGET_GONE;
	if (memcmp(task.program, target->program, sizeof(task.program)))
		return TARGET_EXECED;
	if (pread(target->pagemap, &entry, sizeof(entry), 0) == 0)
		return read_task(target, &task) || is_dead(&task) ? TARGET_GONE : TARGET_EXECED;
	return TARGET_THERE;
}

/**
 * target_entries - read pagemap entries
 * @target: the process
 * @addr: of the first page
 * @pages: how many
 * @entries: room for @pages entries
 *
 * Return: how many were read, fewer than @pages at the end of the address
 * space and 0 once the address space is gone; or -errno.
 */
ssize_t target_entries(const struct target *target, uint64_t addr, size_t pages,
		       uint64_t *entries)
{
	ssize_t got = procfs_pread(target->pagemap, entries, pages * sizeof(*entries),
				   addr / target->page * sizeof(*entries));

	return got < 0 ? got : got / (ssize_t)sizeof(*entries);
}

/**
 * target_spans - is an address within the address space, mapped or not?
 * @target: the process
 * @addr: the address
 */
bool target_spans(const struct target *target, uint64_t addr)
{
	uint64_t entry;

	return target_entries(target, addr / target->page * target->page, 1, &entry) == 1;
}

static enum fs_kind fs_by_type(const char *type)
{
	static const struct {
		const char *type;
		enum fs_kind kind;
	} known[] = {
		{ "tmpfs", FS_SHMEM },		{ "devtmpfs", FS_SHMEM },
		{ "hugetlbfs", FS_HUGETLB },	{ "fuseblk", FS_REMOTE },
		{ "overlay", FS_LOCAL },	{ "btrfs", FS_LOCAL },
		{ "bcachefs", FS_LOCAL },	{ "zfs", FS_LOCAL },
		{ "ramfs", FS_LOCAL },		{ "rootfs", FS_LOCAL },
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (!strcmp(type, known[i].type))
			return known[i].kind;
	return FS_UNKNOWN;
}

/* "36 35 98:0 /root /mount options [more...] - TYPE source options" */
static bool mount_line(const char *line, unsigned int major, unsigned int minor,
		       enum fs_kind *kind)
{
	const char *dash = strstr(line, " - ");
	unsigned int at_major, at_minor;
	char type[32];

	if (!dash || sscanf(line, "%*d %*d %u:%u", &at_major, &at_minor) != 2 ||
	    at_major != major || at_minor != minor || sscanf(dash, " - %31s", type) != 1)
		return false;
	*kind = fs_by_type(type);
	if (*kind == FS_UNKNOWN)
		*kind = major ? FS_LOCAL : FS_REMOTE;	/* a block device of its own */
	return true;
}

static enum fs_kind ask_mountinfo(const struct target *target, unsigned int major,
				  unsigned int minor)
{
	enum fs_kind kind = FS_UNKNOWN;
	int fd = open_below(target, "mountinfo");
	FILE *file = fd < 0 ? NULL : fdopen(fd, "r");
	char *line = NULL;
	size_t size = 0;

	while (file && getline(&line, &size, file) > 0 && !mount_line(line, major, minor, &kind))
		;
	free(line);
	if (file)
		fclose(file);
	else if (fd >= 0)
		close(fd);
	return kind;
}

/**
 * target_fs - the kind of file system on a device, as the target has mounted it
 * @target: the process
 * @major: of the device, as maps shows it
 * @minor: of the device
 *
 * Return: the kind, FS_UNKNOWN for what is mounted nowhere.
 */
enum fs_kind target_fs(struct target *target, unsigned int major, unsigned int minor)
{
	struct target_fs *slot;

	if (major == target->shm_major && minor == target->shm_minor)
		return FS_SHMEM;
	for (size_t i = 0; i < target->nr_fs && i < TARGET_FS_CACHE; i++)
		if (target->fs[i].major == major && target->fs[i].minor == minor)
			return target->fs[i].kind;
	slot = &target->fs[target->nr_fs++ % TARGET_FS_CACHE];
	*slot = (struct target_fs){ major, minor, ask_mountinfo(target, major, minor) };
	return slot->kind;
}

static bool begins(const char *text, const char *with)
{
	return !strncmp(text, with, strlen(with));
}

/**
 * target_vma_kind - what a mapping is of
 * @target: the process
 * @vma: the mapping
 */
enum vma_kind target_vma_kind(struct target *target, const struct vma *vma)
{
	enum fs_kind fs;

	if (!vma->inode && !vma->major && !vma->minor)
		return begins(vma->name, "[v") || begins(vma->name, "[sigpage") ||
		       begins(vma->name, "[uprobes") || begins(vma->name, "[vectors")
			? VMA_SPECIAL : VMA_ANON;
	if (begins(vma->name, "anon_inode:") || begins(vma->name, "/dmabuf:") ||
	    begins(vma->name, "socket:"))
		return VMA_SPECIAL;
	if (!strcmp(vma->name, "/dev/zero"))
		return VMA_ANON;	/* mapped private; mapped shared it is "(deleted)" */
	fs = target_fs(target, vma->major, vma->minor);
	if (fs == FS_HUGETLB || begins(vma->name, "/anon_hugepage"))
		return VMA_HUGETLB;
	if (fs == FS_SHMEM && begins(vma->name, "/dev/") && !begins(vma->name, "/dev/shm/") &&
	    !begins(vma->name, "/dev/zero"))
		return VMA_SPECIAL;	/* a device node in devtmpfs, or what passes for one */
	if (fs == FS_SHMEM)
		return VMA_SHMEM;
	if (fs != FS_UNKNOWN || vma->major)
		return VMA_FILE;
	if (begins(vma->name, "/memfd:") || begins(vma->name, "/SYSV"))
		return VMA_HUGETLB;
	/* A driver's, or a file of where the process sees no mount: the pages' flags tell. */
	return target->shows_frames && !begins(vma->name, "/[") ? VMA_FILE : VMA_SPECIAL;
}
