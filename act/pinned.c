// SPDX-License-Identifier: GPL-2.0
/* Memory that is pinned for I/O, as long as one likes: buffers of io_uring. */
#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "pinned.h"
#include "range.h"

static unsigned int *word(struct pinned *pinned, unsigned int offset)
{
	return (unsigned int *)(pinned->rings + offset);
}

static int map_ring(int fd, size_t len, off_t what, void *into)
{
	void *addr = mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_SHARED, fd, what);

	if (addr == MAP_FAILED)
		return -errno;
	memcpy(into, &addr, sizeof(addr));
	return 0;
}

static int map_rings(struct pinned *pinned)
{
	const struct io_uring_params *params = &pinned->params;
	size_t sq = params->sq_off.array + params->sq_entries * sizeof(unsigned int);
	size_t cq = params->cq_off.cqes + params->cq_entries * sizeof(struct io_uring_cqe);
	int ret;

	if (!(params->features & IORING_FEAT_SINGLE_MMAP))
		return -EOPNOTSUPP;
	pinned->rings_len = sq > cq ? sq : cq;
	pinned->entries_len = params->sq_entries * sizeof(struct io_uring_sqe);
	ret = map_ring(pinned->ring, pinned->rings_len, IORING_OFF_SQ_RING, &pinned->rings);
	if (ret)
		return ret;
	return map_ring(pinned->ring, pinned->entries_len, IORING_OFF_SQES, &pinned->entries);
}

/**
 * pinned_begin - pin memory
 * @pinned: where to describe it
 * @addr: the first page
 * @len: in bytes
 *
 * Return: 0, or -errno: -ENOSYS or -EPERM where there is no io_uring.
 */
int pinned_begin(struct pinned *pinned, void *addr, size_t len)
{
	struct iovec buffer = { addr, len };
	int ret;

	memset(pinned, 0, sizeof(*pinned));
	pinned->ring = (int)syscall(__NR_io_uring_setup, 1, &pinned->params);
	if (pinned->ring < 0)
		return -errno;
	ret = map_rings(pinned);
	if (!ret && syscall(__NR_io_uring_register, pinned->ring, IORING_REGISTER_BUFFERS,
			    &buffer, 1))
		ret = -errno;
	if (ret)
		pinned_end(pinned);
	return ret;
}

/* One request is under way at a time, so the ring's first entry is free. */
static int submit_and_wait(struct pinned *pinned, const struct io_uring_sqe *request)
{
	const struct io_sqring_offsets *sq = &pinned->params.sq_off;
	const struct io_cqring_offsets *cq = &pinned->params.cq_off;
	const struct io_uring_cqe *done = (void *)(pinned->rings + cq->cqes);
	unsigned int *sq_tail = word(pinned, sq->tail);
	unsigned int *cq_head = word(pinned, cq->head), head = *cq_head;

	memcpy(pinned->entries, request, sizeof(*request));
	*word(pinned, sq->array) = 0;
	__atomic_store_n(sq_tail, *sq_tail + 1, __ATOMIC_RELEASE);
	if (syscall(__NR_io_uring_enter, pinned->ring, 1, 1, IORING_ENTER_GETEVENTS, NULL, 0) != 1)
		return -errno;
	if (__atomic_load_n(word(pinned, cq->tail), __ATOMIC_ACQUIRE) == head)
		return -EIO;
	__atomic_store_n(cq_head, head + 1, __ATOMIC_RELEASE);
	/* The completion ring has twice the one entry that was asked for. */
	return done[head % 2].res;
}

/**
 * pinned_read - have data put into pinned memory
 * @pinned: as pinned_begin() described it
 * @fd: where from, from its start
 * @addr: where to, in the memory that is pinned
 * @len: in bytes
 *
 * It goes to the pages that were pinned, wherever the page tables lead by now.
 *
 * Return: 0 or -errno.
 */
int pinned_read(struct pinned *pinned, int fd, void *addr, size_t len)
{
	const struct io_uring_sqe request = {
		.opcode = IORING_OP_READ_FIXED,
		.fd = fd,
		.addr = (uintptr_t)addr,
		.len = (unsigned int)len,
	};
	int ret = submit_and_wait(pinned, &request);

	if (ret < 0)
		return ret;
	return (size_t)ret == len ? 0 : -EIO;
}

/**
 * pinned_end - let go of pinned memory
 * @pinned: as pinned_begin() described it
 */
void pinned_end(struct pinned *pinned)
{
	if (pinned->entries)
		munmap(pinned->entries, pinned->entries_len);
	if (pinned->rings)
		munmap(pinned->rings, pinned->rings_len);
	close(pinned->ring);
}

/**
 * pinned_possible - can the caller pin memory?
 *
 * Kernels are built without io_uring, and sandboxes forbid it.
 */
bool pinned_possible(void)
{
	struct pinned pinned;
	struct range page;
	bool possible;

	if (map_private(&page, 1))
		return false;
	possible = !pinned_begin(&pinned, page.addr, page.len);
	if (possible)
		pinned_end(&pinned);
	unmap(&page);
	return possible;
}
