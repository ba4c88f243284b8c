// SPDX-License-Identifier: GPL-2.0
/*
 * Private memory that something else than a mapping holds on to while it splits:
 * a pipe, I/O, or whoever reads it from outside.
 *
 * Behaviour: fork(2), vmsplice(2), open(2) (O_DIRECT), io_uring_register(2), proc(5),
 * core-api/pin_user_pages.rst.
 */
#include <fcntl.h>
#include <sys/uio.h>

#include "claim/harness.h"
#include "act/directio.h"
#include "act/filedata.h"
#include "act/pinned.h"
#include "act/touch.h"
#include "borrow/scratch.h"
#include "claim/case.h"
#include "claim/kind.h"
#include "claim/sharing.h"
#include "observe/patience.h"
#include "observe/procfs.h"

/* A pipe that has pages in it, in whichever process called do_splice(). */
static int lending[2] = { -1, -1 };

static long do_splice(void *addr, size_t len, long arg)
{
	struct iovec pages = { addr, len };

	(void)arg;
	if (pipe2(lending, O_CLOEXEC | O_NONBLOCK))
		return -errno;
	return vmsplice(lending[1], &pages, 1, 0) == (ssize_t)len ? 0 : -EIO;
}

/* How many of the bytes in the pipe are not what they were. */
static long do_count_spliced(void *addr, size_t len, long content)
{
	const char *then = (const char *)content;
	char *now = malloc(len);
	long count = 0;
	size_t got = 0;

	(void)addr;
	while (now && got < len) {
		ssize_t n = read(lending[0], now + got, len - got);

		if (n <= 0)
			break;
		got += (size_t)n;
	}
	for (size_t i = 0; i < got; i++)
		count += now[i] != then[i];
	free(now);
	return got == len ? count : -EIO;
}

#define PAGES_SPLICED	4

/* Who has pages in a pipe, since before or after the fork; the other writes. */
VARIANTS_ONLY(in_pipe) { enum page_kind kind; enum who lender; bool before; };
#define IN_PIPE(id, name)							\
	FIXTURE_VARIANT_ADD(in_pipe, name##_of_child) { id, CHILD, false };	\
	FIXTURE_VARIANT_ADD(in_pipe, name##_of_parent) { id, PARENT, false };	\
	FIXTURE_VARIANT_ADD(in_pipe, name##_of_parent_before_fork) { id, PARENT, true }
WRITTEN_KINDS(IN_PIPE)

QUIET_TEST_F(in_pipe, pages_do_not_show_later_writes_of_the_other)
{
	size_t first, len = PAGES_SPLICED * page_size();
	struct peer *lender;
	struct lent lent;
	long then;

	scene_history("CVE-2020-29374; 17839856fd58, 09854ba94c6a");
	ARRANGE_OR_SKIP(&lent.map, variant->kind);
	first = lent.map.pages / 2 - PAGES_SPLICED / 2;
	then = (long)(pattern.addr + first * page_size());
	if (variant->before) {
		ASSERT_DONE(do_splice(page_at(&lent.map, first), len, 0));
	}
	ASSERT_EQ(0, lend(&lent, variant->lender == PARENT ? CHILD : PARENT));
	lender = lent.other;
	if (!variant->before) {
		ASSERT_DONE(run_in(lender, do_splice, page_at(&lent.map, first), len, 0));
	}
	ASSERT_DONE(munmap_in(lender, lent.map.addr, lent.map.len));
	CLAIM_EQ(0, smaps_amount(pid_of(lender), lent.map.addr, lent.map.len, size));

	/* Nobody else maps the pages, and yet they are somebody's. */
	ASSERT_DONE(touch_each_in(lent.writer, touch_by_store, &lent.map));
	CLAIM_DATA(lent.map.pages, changed(lent.writer, &lent.map, pattern.addr));
	CLAIM_DATA(0, run_in(lender, do_count_spliced, NULL, len, then));
}

static long read_by_mem(pid_t pid, const void *addr, void *into, size_t len)
{
	int fd = procfs_open(pid, "mem", O_RDONLY);
	ssize_t got;

	if (fd < 0)
		return fd;
	got = pread(fd, into, len, (off_t)(uintptr_t)addr);
	close(fd);
	return got < 0 ? -EIO : got;
}

/*
 * Through /proc/PID/mem: process_vm_readv(2) pins what it reads, for which
 * kernels since 5.19 do give the process that is read a copy.
 */
VARIANTS_ONLY(reading) { enum page_kind kind; };
#define READING(id, name)	FIXTURE_VARIANT_ADD(reading, name) { .kind = id }
PLAIN_KINDS(READING)

QUIET_TEST_F(reading, another_process_does_not_split)
{
	const char *content = kind_content(variant->kind);
	size_t written = kinds[variant->kind].own;
	struct range into;
	struct lent lent;

	NEED_OR_SKIP(PTRACE);
	ARRANGE_OR_SKIP(&lent.map, variant->kind);
	ASSERT_EQ(0, lend(&lent, PARENT));
	ASSERT_EQ(0, map_private(&into, lent.map.pages));

	CLAIM_DATA(into.len, read_by_mem(lent.child.pid, lent.map.addr, into.addr, into.len));
	CLAIM_DATA(0, changed(NULL, &into, content));
	CLAIM_DATA(into.len, read_by_mem(0, lent.map.addr, into.addr, into.len));
	CLAIM_DATA(0, changed(NULL, &into, content));

	CLAIM_EQ(0, moved(NULL, &lent));
	CLAIM_EQ(0, moved(&lent.child, &lent));
	if (written) {
		CLAIM_SHARED(&lent.both, &lent.map, 0, lent.map.pages, EACH_PAGE);
	}
	CLAIM_ACCOUNT(NULL, &lent.map, 0, written * lent.map.pages, 2);
	CLAIM_ACCOUNT(&lent.child, &lent.map, 0, written * lent.map.pages, 2);
}

#define PAGES_PINNED	4

VARIANTS_ONLY(pinned) { enum page_kind kind; };
#define PINNED(id, name)	FIXTURE_VARIANT_ADD(pinned, name) { .kind = id }
WRITTEN_KINDS(PINNED)

QUIET_TEST_F(pinned, memory_stays_with_whose_io_it_is)
{
	size_t first, len = PAGES_PINNED * page_size();
	struct pinned pinned;
	struct lent lent;
	char *addr;
	int fd;

	NEED_OR_SKIP(PIN);
	NEED_OR_SKIP(MEMFD);
	scene_history("70e806e4e645, 6c287605fd56: pages pinned for I/O across fork");
	fd = scratch_file(SCRATCH_MEMFD, PAGES_PINNED);
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, file_fill(fd, 0, len, 33));
	ARRANGE_OR_SKIP(&lent.map, variant->kind);
	first = lent.map.pages / 2 - PAGES_PINNED / 2;
	addr = page_at(&lent.map, first);
	ASSERT_EQ(0, pinned_begin(&pinned, addr, len));
	ASSERT_EQ(0, lend(&lent, CHILD));

	CLAIM_EQ(0, moved(NULL, &lent));
	for (size_t i = 0; i < PAGES_PINNED; i++) {
		ASSERT_DONE(store(addr + i * page_size(), 1));
	}
	CLAIM_EQ(0, moved(NULL, &lent));
	ASSERT_DONE(store_in(&lent.child, addr + 100, 0));
	ASSERT_DONE(pinned_read(&pinned, fd, addr, len));

	CLAIM_DATA(0, pattern_diff(addr, len, 33));
	CLAIM_DATA(1, changed(&lent.child, &lent.map, pattern.addr));
	CLAIM_OWNED(NULL, &lent.map, first, PAGES_PINNED, EACH_PAGE);
	ASSERT_DONE(peer_exit(&lent.child));
	ASSERT_EQ(0, file_fill(fd, 0, len, 34));
	ASSERT_DONE(touch_in(NULL, touch_by_store, addr, 1));
	ASSERT_DONE(pinned_read(&pinned, fd, addr, len));
	CLAIM_DATA(0, pattern_diff(addr, len, 34));
	pinned_end(&pinned);
}

#define DIRECT_MS	12

/* Data comes to one half of a page, the program writes the other, and forks. */
QUIET_TEST(direct_io_arrives_whoever_forks_meanwhile)
{
	long long deadline = patience_until(DIRECT_MS);
	struct direct_reader reader;
	struct range map;
	uint8_t byte = 0;
	int status;
	pid_t pid;

	NEED_OR_SKIP(CPUS);
	NEED_OR_SKIP(DIRECT);
	scene_history("70e806e4e645, 6c287605fd56: pages under direct I/O across fork");
	ASSERT_EQ(0, map_private(&map, DIRECT_PAGES));
	scene_add("parent", NULL, &map);
	ASSERT_EQ(0, direct_start(&reader, map.addr));

	do {
		byte++;
		pid = fork();
		if (!pid)
			_exit(0);
		for (size_t i = 0; i < DIRECT_PAGES; i++)
			__atomic_store_n(page_at(&map, i), byte, __ATOMIC_RELAXED);
		ASSERT_EQ(pid, waitpid(pid, &status, 0));
	} while (patience_now() < deadline);

	ASSERT_EQ(0, direct_stop(&reader));
	CLAIM_DATA(0, reader.lost);
	for (size_t i = 0; i < DIRECT_PAGES; i++) {
		CLAIM_DATA(byte, (uint8_t)load(page_at(&map, i)));
	}
}

int main(int argc, char **argv)
{
	program_begin(argc, argv);
	if (kinds_begin())
		ksft_exit_fail_msg("no memory\n");
	need_end();
	return test_harness_run(argc, argv);
}
