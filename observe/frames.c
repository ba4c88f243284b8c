// SPDX-License-Identifier: GPL-2.0
/* kpageflags and kpagecount for many frames at a time. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "frames.h"
#include "kpage.h"
#include "pagemap.h"
#include "procfs.h"

/* Reading over so many frames in between costs less than another pread(). */
#define GAP		4
#define DIGIT		11

/**
 * frames_open - get ready to ask about frames
 * @frames: where to keep what is needed
 *
 * Some kernels have the files and let them read as empty, so one frame that
 * certainly exists is asked about; then @frames->readable tells.  It is new and
 * nobody else's, so a kernel that calls it KSM does so of all anonymous pages.
 */
void frames_open(struct frames *frames)
{
	uint64_t pfn, flags = 0, count;

	frames->fds[FRAMES_FLAGS] = open("/proc/kpageflags", O_RDONLY | O_CLOEXEC);
	frames->fds[FRAMES_COUNTS] = open("/proc/kpagecount", O_RDONLY | O_CLOEXEC);
	frames->buf[FRAMES_BATCH / 2] = 1;
	pfn = pm_pfn(pagemap_entry(0, &frames->buf[FRAMES_BATCH / 2]));
	frames->readable = pfn && frames->fds[FRAMES_FLAGS] >= 0 &&
			   frames->fds[FRAMES_COUNTS] >= 0 &&
			   !kpage_flags(pfn, &flags) && !kpage_count(pfn, &count);
	frames->ksm_lies = flags & KPF(KSM);
}

/**
 * frames_close - close what frames_open() opened
 * @frames: as frames_open() made it
 */
void frames_close(struct frames *frames)
{
	for (int i = 0; i < 2; i++)
		if (frames->fds[i] >= 0)
			close(frames->fds[i]);
}

/* One pass of a radix sort of @from by the digit at @shift into @to. */
static void sort_pass(const uint64_t *pfns, uint64_t least, unsigned int shift,
		      const uint32_t *from, uint32_t *to, size_t nr)
{
	uint32_t at[(1 << DIGIT) + 1] = { 0 };
	const uint32_t mask = (1 << DIGIT) - 1;

	for (size_t i = 0; i < nr; i++)
		at[((pfns[from[i]] - least) >> shift & mask) + 1]++;
	for (size_t i = 1; i <= mask; i++)
		at[i] += at[i - 1];
	for (size_t i = 0; i < nr; i++)
		to[at[(pfns[from[i]] - least) >> shift & mask]++] = from[i];
}

/* The order in which the frames ascend. */
static const uint32_t *ascending(struct frames *frames, const uint64_t *pfns, size_t nr)
{
	uint64_t least = pfns[0], most = pfns[0];
	bool sorted = true;
	int now = 0;

	for (size_t i = 0; i < nr; i++) {
		frames->order[0][i] = (uint32_t)i;
		if (i && pfns[i] < pfns[i - 1])
			sorted = false;
		if (pfns[i] < least)
			least = pfns[i];
		if (pfns[i] > most)
			most = pfns[i];
	}
	for (unsigned int shift = 0; !sorted && shift < 64 && (most - least) >> shift;
	     shift += DIGIT) {
		sort_pass(pfns, least, shift, frames->order[now], frames->order[!now], nr);
		now = !now;
	}
	return frames->order[now];
}

/* Reads @nr values from frame @pfn on; frames past the last have @absent. */
static int read_stretch(int fd, uint64_t pfn, size_t nr, uint64_t absent, uint64_t *values)
{
	ssize_t got = procfs_pread(fd, values, nr * sizeof(*values), pfn * sizeof(*values));

	/* A PFN that is no memory's may be beyond any offset. */
	if (got == -EINVAL || got == -EOVERFLOW)
		got = 0;
	for (size_t i = (size_t)(got < 0 ? 0 : got) / sizeof(*values); i < nr; i++)
		values[i] = absent;
	return got < 0 ? (int)got : 0;
}

/**
 * frames_ask - ask about frames
 * @frames: as frames_open() made it, readable
 * @what: FRAMES_FLAGS: KPF_*, KPF_NOPAGE for what is no memory; FRAMES_COUNTS: how
 *	often they are mapped, 0 for what is no memory
 * @pfns: the frames, in any order
 * @nr: how many, at most FRAMES_BATCH
 * @values: where to put what was asked for
 *
 * Return: 0 or -errno.
 */
int frames_ask(struct frames *frames, enum frames_what what, const uint64_t *pfns, size_t nr,
	       uint64_t *values)
{
	const uint64_t absent = what == FRAMES_FLAGS ? KPF(NOPAGE) : 0;
	const uint64_t lies = what == FRAMES_FLAGS && frames->ksm_lies ? KPF(KSM) : 0;
	const uint32_t *order;

	if (nr > FRAMES_BATCH)
		return -EINVAL;
	order = nr ? ascending(frames, pfns, nr) : NULL;
	for (size_t i = 0, next; i < nr; i = next) {
		uint64_t first = pfns[order[i]];
		int ret;

		for (next = i + 1; next < nr; next++)
			if (pfns[order[next]] - pfns[order[next - 1]] > GAP ||
			    pfns[order[next]] - first >= FRAMES_BATCH)
				break;
		ret = read_stretch(frames->fds[what], first,
				   (size_t)(pfns[order[next - 1]] - first) + 1, absent,
				   frames->buf);
		if (ret)
			return ret;
		for (size_t j = i; j < next; j++)
			values[order[j]] = frames->buf[pfns[order[j]] - first] & ~lies;
	}
	return 0;
}
