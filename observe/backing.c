// SPDX-License-Identifier: GPL-2.0
/* What the object behind a mapping has in memory, in swap and nowhere. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "backing.h"
#include "procfs.h"
#include "smaps.h"

/* struct cachestat_range and struct cachestat of linux/mman.h, Linux 6.5 */
struct cache_range {
	uint64_t off;
	uint64_t len;
};

struct cache_counts {
	uint64_t cached;
	uint64_t dirty;
	uint64_t writeback;
	uint64_t evicted;
	uint64_t recently_evicted;
};

static int cache_stat(const struct object *object, uint64_t offset, uint64_t len,
		      struct cache_counts *counts)
{
	struct cache_range range = { offset, len };

	return syscall(__NR_cachestat, object->fd, &range, counts, 0) ? -errno : 0;
}

/* Bytes, up to the end of the page they end in. */
static uint64_t whole_pages(const struct object *object, uint64_t bytes)
{
	return (bytes + object->page - 1) / object->page * object->page;
}

/* Opens what map_files leads to, by its link only: a device must not notice. */
static int open_link(const struct target *target, const struct vma *vma)
{
	char name[64];

	snprintf(name, sizeof(name), "map_files/%" PRIx64 "-%" PRIx64, vma->start, vma->end);
	return openat(target->dir, name, O_PATH | O_CLOEXEC);
}

/* The same by name, for who may not follow map_files; it may be another file. */
static int open_name(const struct target *target, const struct vma *vma)
{
	char name[4200];

	if (vma->name[0] != '/' ||
	    snprintf(name, sizeof(name), "root%s", vma->name) >= (int)sizeof(name))
		return -1;
	return openat(target->dir, name, O_PATH | O_CLOEXEC);
}

static bool is_object(int fd, const struct vma *vma, bool by_name, struct stat *st)
{
	if (fd < 0 || fstat(fd, st) || !S_ISREG(st->st_mode))
		return false;
	return !by_name || (major(st->st_dev) == vma->major && minor(st->st_dev) == vma->minor &&
			    st->st_ino == vma->inode);
}

/* The inodes of files that open() would break a lease on, see F_SETLEASE in fcntl(2). */
static void read_leases(struct object *object)
{
	struct procfs_lines locks = { .fd = open("/proc/locks", O_RDONLY | O_CLOEXEC) };
	char kind[8], phase[16], type[8], *line;
	uint64_t inode, *more;

	while ((line = procfs_next_line(&locks))) {
		if (sscanf(line, "%*u: %7s %15s %7s %*d %*x:%*x:%" SCNu64, kind, phase, type,
			   &inode) != 4 || (strcmp(kind, "LEASE") && strcmp(kind, "DELEG")) ||
		    (!strcmp(phase, "ACTIVE") && !strcmp(type, "READ")))
			continue;
		more = realloc(object->leased, (object->nr_leased + 1) * sizeof(*more));
		if (!more)
			break;
		object->leased = more;
		object->leased[object->nr_leased++] = inode;
	}
	if (locks.fd >= 0)
		close(locks.fd);
	object->knows_leases = true;
}

/*
 * Which device is meant depends, of stacked files, on who says so: an inode number
 * that happens to be the same does no harm.
 */
static bool is_leased(struct object *object, const struct vma *vma, const struct stat *st)
{
	if (!object->knows_leases)
		read_leases(object);
	for (size_t i = 0; i < object->nr_leased; i++)
		if (object->leased[i] == vma->inode || object->leased[i] == st->st_ino)
			return true;
	return false;
}

/* Opens the file of an O_PATH descriptor, best so that its atime stays. */
static int open_really(int link, bool *noatime)
{
	int flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
	char name[32];
	int fd;

	snprintf(name, sizeof(name), "/proc/self/fd/%d", link);
	fd = open(name, flags | O_NOATIME);
	*noatime = fd >= 0;
	return fd >= 0 ? fd : open(name, flags);
}

/* Maps a part of the object where nothing can be touched. */
static void *map_part(const struct object *object, uint64_t offset, uint64_t len)
{
	if (len > SIZE_MAX)
		return MAP_FAILED;
	return mmap(NULL, (size_t)len, PROT_NONE, MAP_SHARED, object->fd, (off_t)offset);
}

/*
 * To who could not write the file mincore() calls everything resident, see
 * can_do_mincore() in mm/mincore.c: also what lies past the end.
 */
static bool mincore_is_honest(const struct object *object)
{
	uint64_t past = (object->size / object->page + 2) * object->page;
	void *addr = map_part(object, past, object->page);
	unsigned char vec = 1;

	if (addr == MAP_FAILED)
		return false;
	if (mincore(addr, (size_t)object->page, &vec))
		vec = 1;
	munmap(addr, (size_t)object->page);
	return !(vec & 1);
}

/* Swapped pages among some of shared memory, by the Swap of a mapping of ours. */
static int swapped_by_smaps(const struct object *object, uint64_t offset, uint64_t len,
			    uint64_t *pages)
{
	void *addr = map_part(object, offset, len);
	struct smaps smaps;
	int ret;

	if (addr == MAP_FAILED)
		return -errno;
	ret = smaps_range(0, addr, (size_t)len, &smaps);
	munmap(addr, (size_t)len);
	*pages = smaps.swap / object->page;
	return ret ? ret : smaps.vmas ? 0 : -ENOENT;
}

/*
 * A file of overlayfs has no pages: those of the file below are mapped in its
 * stead, where cachestat() does not look.
 */
static bool is_stacked(const struct object *object)
{
	struct statfs fs;

	return fstatfs(object->fd, &fs) || fs.f_type == OVERLAYFS_SUPER_MAGIC;
}

static void probe(struct object *object, bool noatime)
{
	struct cache_counts counts;
	bool stacked = is_stacked(object);
	uint64_t swapped = 0;

	object->has_cachestat = !stacked && !cache_stat(object, 0, object->page, &counts);
	/* mmap() of a file counts as an access to it. */
	object->has_mincore = noatime && mincore_is_honest(object);
	/* What is not resident may be in swap if it is tmpfs that lies below. */
	if (stacked && object->has_mincore &&
	    (swapped_by_smaps(object, 0, whole_pages(object, object->size), &swapped) || swapped))
		object->kind = VMA_SHMEM;
}

static int open_object(struct object *object, struct target *target, const struct vma *vma)
{
	int link = open_link(target, vma);
	bool by_name = link < 0, noatime = false;
	struct stat st;

	if (by_name)
		link = open_name(target, vma);
	if (is_object(link, vma, by_name, &st)) {
		object->size = (uint64_t)st.st_size;
		if (is_leased(object, vma, &st))
			object->refusal = BACKING_LEASED;
		else
			object->fd = open_really(link, &noatime);
	}
	if (link >= 0)
		close(link);
	if (object->fd < 0)
		return -EACCES;
	probe(object, noatime);
	return 0;
}

/**
 * backing_open - get ready to ask the object behind a mapping
 * @object: where to keep it
 * @target: the process
 * @vma: the mapping
 *
 * Nothing is opened but regular files, and of those none that a server or a
 * daemon would have to answer for, maybe the very process that is looked at.
 *
 * Return: 0, -ENODEV where there is nothing to ask, -EACCES where it may not
 * be; backing_next() can be called in all cases.
 */
int backing_open(struct object *object, struct target *target, const struct vma *vma)
{
	enum fs_kind fs;

	memset(object, 0, offsetof(struct object, leased));
	object->fd = -1;
	object->refusal = BACKING_REMOTE;
	object->kind = target_vma_kind(target, vma);
	object->page = target->page;
	object->guess = 1;
	if (object->kind != VMA_SHMEM && object->kind != VMA_FILE)
		return -ENODEV;
	fs = target_fs(target, vma->major, vma->minor);
	if (fs != FS_SHMEM && fs != FS_LOCAL)
		return -ENODEV;
	object->refusal = BACKING_UNASKED;
	return open_object(object, target, vma);
}

/**
 * backing_close - close what backing_open() opened
 * @object: the object
 */
void backing_close(struct object *object)
{
	if (object->fd >= 0)
		close(object->fd);
	object->fd = -1;
}

/**
 * backing_forget - begin another look, which asks anew what may be opened
 * @object: the object, which is closed
 */
void backing_forget(struct object *object)
{
	backing_close(object);
	free(object->leased);
	object->leased = NULL;
	object->nr_leased = 0;
	object->knows_leases = false;
}

/*
 * Where the next page with data begins, or the next without; UINT64_MAX: nowhere.
 * Data may begin and end within a page, as they do at the end of the object.
 */
static int seek(const struct object *object, uint64_t offset, int whence, uint64_t *found)
{
	off_t at = lseek(object->fd, (off_t)offset, whence);

	if (at < 0 && errno != ENXIO)
		return -errno;
	*found = at < 0 ? UINT64_MAX :
		 whence == SEEK_HOLE ? whole_pages(object, (uint64_t)at) :
		 (uint64_t)at / object->page * object->page;
	return 0;
}

/* Sees to it that the extent around @offset is known: one lseek() an extent. */
static int see_extent(struct object *object, uint64_t offset)
{
	bool next_to = offset == object->seen_end && object->seen_end;
	bool data = next_to && !object->seen_data;
	int ret = 0;

	if (offset >= object->seen_start && offset < object->seen_end)
		return 0;
	if (!next_to) {
		ret = seek(object, offset, SEEK_DATA, &object->seen_end);
		data = object->seen_end == offset;
	}
	if (!ret && (next_to || data))
		ret = data ? seek(object, offset + object->page - 1, SEEK_HOLE, &object->seen_end)
			   : seek(object, offset, SEEK_DATA, &object->seen_end);
	/* Somebody punched a hole or filled one: it has changed meanwhile. */
	if (!ret && object->seen_end <= offset) {
		object->seen_end = offset + object->page;
		data = !data;
	}
	object->seen_start = offset;
	object->seen_data = data;
	/* What is not known is no extent. */
	if (ret)
		object->seen_end = 0;
	return ret;
}

/* How many of @pages pages of an object's data are in the page cache. */
static int count_cached(const struct object *object, uint64_t offset, uint64_t pages,
			uint64_t *cached)
{
	struct cache_counts counts;
	int ret;

	if (object->has_cachestat) {
		ret = cache_stat(object, offset, pages * object->page, &counts);
		*cached = counts.cached;
		return ret;
	}
	if (object->kind != VMA_SHMEM)
		return -EACCES;
	ret = swapped_by_smaps(object, offset, pages * object->page, cached);
	*cached = *cached < pages ? pages - *cached : 0;
	return ret;
}

/* Is the page resident, says mincore(); -errno where it cannot. */
static int resident(struct object *object, uint64_t offset, uint64_t len)
{
	uint64_t most = BACKING_WINDOW * object->page;
	void *addr;
	int ret;

	if (!object->has_mincore)
		return -EACCES;
	if (offset < object->vec_start || offset >= object->vec_end) {
		len = len < most ? len : most;
		addr = map_part(object, offset, len);
		if (addr == MAP_FAILED)
			return -errno;
		ret = mincore(addr, (size_t)len, object->vec) ? -errno : 0;
		munmap(addr, (size_t)len);
		if (ret)
			return ret;
		object->vec_start = offset;
		object->vec_end = offset + len;
	}
	return object->vec[(offset - object->vec_start) / object->page] & 1;
}

/* Extends what mincore() says of the first page over what it says the same of. */
static uint64_t resident_alike(struct object *object, uint64_t offset, uint64_t len)
{
	int first = resident(object, offset, len);
	uint64_t same = object->page;

	while (same < len && offset + same < object->vec_end &&
	       resident(object, offset + same, len - same) == first)
		same += object->page;
	return first < 0 ? len : same;
}

/* Finds how many pages from @offset on are all cached or all not. */
static int cached_alike(struct object *object, uint64_t offset, uint64_t len, bool *cached,
			uint64_t *same)
{
	uint64_t most = len / object->page;
	uint64_t pages = object->guess < most ? object->guess : most, count;
	int ret;

	/* Twice what was alike last time, else half and half again. */
	for (;; pages /= 2) {
		ret = count_cached(object, offset, pages, &count);
		if (ret)
			return ret;
		if (!count || count >= pages || pages == 1)
			break;
	}
	object->guess = pages < UINT64_MAX / 4 ? pages * 2 : pages;
	*cached = count;
	*same = pages * object->page;
	return 0;
}

static enum backing next_swapped(struct object *object, uint64_t offset, uint64_t *same)
{
	int in = resident(object, offset, *same);

	*same = resident_alike(object, offset, *same);
	if (in < 0)
		return BACKING_EVICTED;
	return in ? BACKING_SWAPCACHE : BACKING_SWAPPED;
}

static enum backing next_data(struct object *object, uint64_t offset, uint64_t len, uint64_t *same)
{
	bool cached;
	int in;

	*same = len;
	if (!cached_alike(object, offset, len, &cached, same)) {
		if (cached)
			return BACKING_CACHED;
		return object->kind == VMA_SHMEM ? next_swapped(object, offset, same) :
							 BACKING_STORAGE;
	}
	in = resident(object, offset, len);
	*same = resident_alike(object, offset, len);
	if (object->kind == VMA_SHMEM)
		return in == 0 ? BACKING_SWAPPED : BACKING_DATA;
	return in < 0 ? BACKING_DATA : in ? BACKING_CACHED : BACKING_STORAGE;
}

/**
 * backing_next - what an object has for a page, and for how many from there on
 * @object: as backing_open() made it
 * @offset: of the page within the object, bytes
 * @len: how far to look at most, bytes; a multiple of the page size
 * @same: where to put for how much the answer holds, bytes, at least one page
 *
 * Return: what it has; see "Exceptions for Shared Memory" in
 * admin-guide/mm/pagemap.rst.
 */
enum backing backing_next(struct object *object, uint64_t offset, uint64_t len, uint64_t *same)
{
	uint64_t end = whole_pages(object, object->size);

	*same = len;
	if (object->kind != VMA_SHMEM && object->kind != VMA_FILE)
		return BACKING_NONE;
	if (object->fd < 0)
		return object->refusal;
	if (offset >= end)
		return BACKING_BEYOND;
	if (offset + len > end)
		len = end - offset;
	if (object->kind == VMA_SHMEM) {
		if (see_extent(object, offset)) {
			*same = len;
			return BACKING_UNASKED;
		}
		if (object->seen_end - offset < len)
			len = object->seen_end - offset;
		*same = len;
		if (!object->seen_data)
			return BACKING_HOLE;
	}
	return next_data(object, offset, len, same);
}
