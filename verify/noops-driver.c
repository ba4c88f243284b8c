// SPDX-License-Identifier: GPL-2.0
/*
 * Starts a test program and has one system call of its cases succeed without
 * doing anything, for verify/noops:
 *
 *	noops-driver [-c CALL] PROGRAM [ARGUMENT...]
 *
 * Prints a line for each call that a case makes for its effect, or for CALL
 * alone, and each case that made it: CALL <tab> CASE <tab> what became of the
 * case.  Without -c all calls do what they do.
 *
 * The calls come by seccomp's user notification, so that whoever makes them can
 * be told: they count in the process of a case's attempt and what that forks,
 * which are a process group of their own; what guardians, keepers and the program
 * itself do to put things back always happens.  Nor are the C library's own calls
 * touched: malloc() is told to do without mmap(2) and to keep what it has.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/falloc.h>
#include <linux/filter.h>
#include <linux/fs.h>
#include <linux/io_uring.h>
#include <linux/seccomp.h>
#include <linux/userfaultfd.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../observe/uapi.h"

#ifndef MADV_COLLAPSE
#define MADV_COLLAPSE	25
#endif
#ifndef PR_SET_MEMORY_MERGE
#define PR_SET_MEMORY_MERGE	67
#endif

#if defined(__x86_64__)
#define NATIVE_ARCH	AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define NATIVE_ARCH	AUDIT_ARCH_AARCH64
#else
#error "which AUDIT_ARCH_* is this?"
#endif

#define MOST_PAIRS	16384
#define MOST_VECTORS	64
/* For guardians, once the program has ended. */
#define LAST_MS		30000

struct call {
	pid_t pid;
	const struct seccomp_data *data;
	char name[256];
};

static _Noreturn void die(const char *what)
{
	fprintf(stderr, "noops-driver: %s: %s\n", what, strerror(errno));
	exit(2);
}

/* ---- what a call is about ---- */

struct word {
	unsigned long long value;
	const char *name;
};

#define WORD(value)	{ value, #value }

static const struct word advices[] = {
	WORD(MADV_NORMAL), WORD(MADV_RANDOM), WORD(MADV_SEQUENTIAL), WORD(MADV_WILLNEED),
	WORD(MADV_DONTNEED), WORD(MADV_FREE), WORD(MADV_REMOVE), WORD(MADV_DONTFORK),
	WORD(MADV_DOFORK), WORD(MADV_MERGEABLE), WORD(MADV_UNMERGEABLE), WORD(MADV_HUGEPAGE),
	WORD(MADV_NOHUGEPAGE), WORD(MADV_DONTDUMP), WORD(MADV_DODUMP), WORD(MADV_WIPEONFORK),
	WORD(MADV_KEEPONFORK), WORD(MADV_COLD), WORD(MADV_PAGEOUT), WORD(MADV_POPULATE_READ),
	WORD(MADV_POPULATE_WRITE), WORD(MADV_DONTNEED_LOCKED), WORD(MADV_COLLAPSE),
	WORD(MADV_GUARD_INSTALL), WORD(MADV_GUARD_REMOVE), { 0, NULL }
};

static const struct word file_advices[] = {
	WORD(POSIX_FADV_NORMAL), WORD(POSIX_FADV_RANDOM), WORD(POSIX_FADV_SEQUENTIAL),
	WORD(POSIX_FADV_WILLNEED), WORD(POSIX_FADV_DONTNEED), WORD(POSIX_FADV_NOREUSE),
	{ 0, NULL }
};

static const struct word requests[] = {
	WORD(UFFDIO_API), WORD(UFFDIO_REGISTER), WORD(UFFDIO_UNREGISTER), WORD(UFFDIO_WAKE),
	WORD(UFFDIO_COPY), WORD(UFFDIO_ZEROPAGE), WORD(UFFDIO_WRITEPROTECT),
	WORD(UFFDIO_CONTINUE), WORD(PAGEMAP_SCAN), { 0, NULL }
};

static const struct word traces[] = {
	WORD(PTRACE_POKEDATA), WORD(PTRACE_POKETEXT), WORD(PTRACE_POKEUSER), { 0, NULL }
};

static const struct word shm_commands[] = {
	WORD(IPC_RMID), WORD(IPC_SET), WORD(SHM_LOCK), WORD(SHM_UNLOCK), { 0, NULL }
};

static const struct word settings[] = {
	WORD(PR_SET_DUMPABLE), WORD(PR_SET_KEEPCAPS), WORD(PR_SET_THP_DISABLE),
	WORD(PR_SET_MEMORY_MERGE), WORD(PR_SET_MM), WORD(PR_SET_VMA), { 0, NULL }
};

static const struct word file_commands[] = {
	WORD(F_ADD_SEALS), WORD(F_SETLEASE), { 0, NULL }
};

static const char *word_of(const struct word *words, unsigned long long value)
{
	for (; words->name; words++)
		if (words->value == value)
			return words->name;
	return NULL;
}

/* A description says what a call is for, or that it is for no effect. */
typedef bool (*describe_fn)(struct call *call, const char *name);

static bool by_name(struct call *call, const char *name)
{
	snprintf(call->name, sizeof(call->name), "%s", name);
	return true;
}

static bool in_brackets(struct call *call, const char *name, const char *word)
{
	if (word)
		snprintf(call->name, sizeof(call->name), "%s(%s)", name, word);
	return word;
}

static bool by_number(struct call *call, const char *name, unsigned long long number)
{
	char text[32];

	snprintf(text, sizeof(text), "%#llx", number);
	return in_brackets(call, name, text);
}

static bool by_advice(struct call *call, const char *name)
{
	unsigned int nr = call->data->nr == SYS_madvise ? 2 : 3;
	const char *word = word_of(advices, call->data->args[nr]);

	return word ? in_brackets(call, name, word) : by_number(call, name, call->data->args[nr]);
}

static bool by_file_advice(struct call *call, const char *name)
{
	return in_brackets(call, name, word_of(file_advices, call->data->args[3]));
}

static bool by_mode(struct call *call, const char *name)
{
	return by_number(call, name, call->data->args[1]);
}

static bool by_sync(struct call *call, const char *name)
{
	return in_brackets(call, name, call->data->args[2] & MS_SYNC ? "MS_SYNC" : "MS_ASYNC");
}

static bool by_request(struct call *call, const char *name)
{
	uint32_t request = (uint32_t)call->data->args[1];
	const char *word = word_of(requests, request);

	if (!word && _IOC_TYPE(request) == UFFDIO)
		return by_number(call, name, request);
	return in_brackets(call, name, word);
}

static bool by_trace(struct call *call, const char *name)
{
	return in_brackets(call, name, word_of(traces, call->data->args[0]));
}

static bool by_shm_command(struct call *call, const char *name)
{
	return in_brackets(call, name, word_of(shm_commands, call->data->args[1] & 0xff));
}

static bool by_setting(struct call *call, const char *name)
{
	return in_brackets(call, name, word_of(settings, call->data->args[0]));
}

static bool by_file_command(struct call *call, const char *name)
{
	return in_brackets(call, name, word_of(file_commands, call->data->args[1]));
}

/* Pipes, sockets and terminals are how processes talk; all else is written to for good. */
static bool by_file(struct call *call, const char *name)
{
	char path[64], to[200];
	const char *last;
	ssize_t len;

	snprintf(path, sizeof(path), "/proc/%d/fd/%d", (int)call->pid, (int)call->data->args[0]);
	len = readlink(path, to, sizeof(to) - 1);
	if (len < 0 || *to != '/' || !strncmp(to, "/dev/", 5))
		return len > 0 && !strncmp(to, "/dev/shm/", 9) && in_brackets(call, name, "file");
	to[len] = '\0';
	last = strrchr(to, '/') + 1;
	if (!strncmp(to, "/proc/", 6) || !strncmp(to, "/sys/", 5))
		return in_brackets(call, name, last);
	return in_brackets(call, name, "file");
}

/* ---- what it returns where it succeeds ---- */

typedef long long (*success_fn)(const struct call *call);

static long long zero(const struct call *call)
{
	(void)call;
	return 0;
}

static long long length(const struct call *call)
{
	return (long long)call->data->args[2];
}

static long long spliced(const struct call *call)
{
	return (long long)call->data->args[call->data->nr == SYS_tee ? 2 : 4];
}

static long long submitted(const struct call *call)
{
	return (long long)call->data->args[1];
}

static long long moved_to(const struct call *call)
{
	return (long long)call->data->args[call->data->args[3] & MREMAP_FIXED ? 4 : 0];
}

static long long of_vectors(const struct call *call, uint64_t addr, uint64_t count)
{
	struct iovec vectors[MOST_VECTORS];
	struct iovec local = { vectors, 0 }, remote = { (void *)(uintptr_t)addr, 0 };
	long long sum = 0;

	if (count > MOST_VECTORS)
		count = MOST_VECTORS;
	local.iov_len = remote.iov_len = count * sizeof(*vectors);
	if (process_vm_readv(call->pid, &local, 1, &remote, 1, 0) != (ssize_t)local.iov_len)
		return -1;
	for (uint64_t i = 0; i < count; i++)
		sum += (long long)vectors[i].iov_len;
	return sum;
}

static long long vectors(const struct call *call)
{
	return of_vectors(call, call->data->args[1], call->data->args[2]);
}

/* ---- the calls ---- */

static const struct effect {
	int nr;
	const char *name;
	describe_fn describe;
	success_fn success;
} effects[] = {
	{ SYS_madvise, "madvise", by_advice, zero },
	{ SYS_mprotect, "mprotect", by_name, zero },
	{ SYS_pkey_mprotect, "pkey_mprotect", by_name, zero },
	{ SYS_munmap, "munmap", by_name, zero },
	{ SYS_mremap, "mremap", by_name, moved_to },
	{ SYS_remap_file_pages, "remap_file_pages", by_name, zero },
	{ SYS_mlock, "mlock", by_name, zero },
	{ SYS_mlock2, "mlock2", by_name, zero },
	{ SYS_mlockall, "mlockall", by_name, zero },
	{ SYS_munlock, "munlock", by_name, zero },
	{ SYS_munlockall, "munlockall", by_name, zero },
	{ SYS_msync, "msync", by_sync, zero },
	{ SYS_fsync, "fsync", by_name, zero },
	{ SYS_fdatasync, "fdatasync", by_name, zero },
	{ SYS_sync, "sync", by_name, zero },
	{ SYS_syncfs, "syncfs", by_name, zero },
	{ SYS_sync_file_range, "sync_file_range", by_name, zero },
	{ SYS_fallocate, "fallocate", by_mode, zero },
	{ SYS_ftruncate, "ftruncate", by_name, zero },
	{ SYS_truncate, "truncate", by_name, zero },
	{ SYS_fadvise64, "posix_fadvise", by_file_advice, zero },
	{ SYS_readahead, "readahead", by_name, zero },
	{ SYS_ioctl, "ioctl", by_request, zero },
	{ SYS_fcntl, "fcntl", by_file_command, zero },
	{ SYS_vmsplice, "vmsplice", by_name, vectors },
	{ SYS_splice, "splice", by_name, spliced },
	{ SYS_tee, "tee", by_name, spliced },
	{ SYS_copy_file_range, "copy_file_range", by_name, spliced },
	{ SYS_process_vm_readv, "process_vm_readv", by_name, vectors },
	{ SYS_process_vm_writev, "process_vm_writev", by_name, vectors },
	{ SYS_process_madvise, "process_madvise", by_advice, vectors },
	{ SYS_move_pages, "move_pages", by_name, zero },
	{ SYS_migrate_pages, "migrate_pages", by_name, zero },
	{ SYS_mbind, "mbind", by_name, zero },
	{ SYS_set_mempolicy, "set_mempolicy", by_name, zero },
	{ SYS_swapon, "swapon", by_name, zero },
	{ SYS_swapoff, "swapoff", by_name, zero },
	{ SYS_shmctl, "shmctl", by_shm_command, zero },
	{ SYS_shmdt, "shmdt", by_name, zero },
	{ SYS_ptrace, "ptrace", by_trace, zero },
	{ SYS_write, "write", by_file, length },
	{ SYS_pwrite64, "write", by_file, length },
	{ SYS_writev, "write", by_file, vectors },
	{ SYS_pwritev, "write", by_file, vectors },
	{ SYS_preadv, "preadv", by_name, vectors },
	{ SYS_io_uring_register, "io_uring_register", by_name, zero },
	{ SYS_io_uring_enter, "io_uring_enter", by_name, submitted },
	{ SYS_brk, "brk", by_name, NULL },
	{ SYS_prctl, "prctl", by_setting, zero },
	{ SYS_setresuid, "setresuid", by_name, zero },
	{ SYS_setresgid, "setresgid", by_name, zero },
	{ SYS_setgroups, "setgroups", by_name, zero },
	{ SYS_capset, "capset", by_name, zero },
	{ SYS_unshare, "unshare", by_name, zero },
};

#define NR_EFFECTS	(sizeof(effects) / sizeof(*effects))

static const struct effect *effect_of(int nr)
{
	for (size_t i = 0; i < NR_EFFECTS; i++)
		if (effects[i].nr == nr)
			return &effects[i];
	return NULL;
}

/* ---- the program, and what it prints ---- */

static int listener = -1, output = -1;
static pid_t program;
static const char *wanted;

/* Whoever runs a case is a group; the attempt that it forks becomes another. */
static pid_t runner, attempt;
static char now[256];

static struct pair {
	char *call, *test;
	char verdict[128];
} pairs[MOST_PAIRS];
static size_t nr_pairs;

static void note_pair(const char *call)
{
	for (size_t i = nr_pairs; i-- && !strcmp(pairs[i].test, now);)
		if (!strcmp(pairs[i].call, call))
			return;
	if (nr_pairs == MOST_PAIRS) {
		errno = E2BIG;
		die("too many pairs");
	}
	pairs[nr_pairs].call = strdup(call);
	pairs[nr_pairs++].test = strdup(now);
}

/* "ok 7 NAME", "not ok 7 NAME", with "# SKIP reason" behind it, or "- " before it. */
static void note_result(char *line)
{
	const char *verdict = strncmp(line, "not ", 4) ? "passed" : "failed";
	char *name = strstr(line, "ok ") + 3, *skip = strstr(line, "# SKIP ");

	name += strspn(name, "0123456789 -");
	name[strcspn(name, " \n")] = '\0';
	for (size_t i = 0; i < nr_pairs; i++)
		if (!strcmp(pairs[i].test, name))
			snprintf(pairs[i].verdict, sizeof(pairs[i].verdict), "%s%s",
				 skip ? "skipped: " : verdict, skip ? skip + 7 : "");
}

static void take_line(char *line)
{
	if (sscanf(line, "# RUN %255s", now) == 1)
		return;
	if (!strncmp(line, "ok ", 3) || !strncmp(line, "not ok ", 7))
		note_result(line);
}

/* What there is by now; false at the end of it. */
static bool read_output(void)
{
	static char text[65536];
	static size_t used;
	ssize_t got;

	while ((got = read(output, text + used, sizeof(text) - 1 - used)) > 0) {
		char *line = text, *end;

		used += (size_t)got;
		text[used] = '\0';
		while ((end = strchr(line, '\n'))) {
			*end = '\0';
			take_line(line);
			line = end + 1;
		}
		used -= (size_t)(line - text);
		memmove(text, line, used);
		if (used == sizeof(text) - 1)
			used = 0;
	}
	return got < 0 && (errno == EAGAIN || errno == EINTR);
}

/* ---- the calls as they come ---- */

static void note_group(pid_t pid)
{
	pid_t group = getpgid(pid);

	if (group == program)
		runner = pid;
	else if (group == runner)
		attempt = pid;
}

static bool answer(struct call *call, struct seccomp_notif_resp *resp)
{
	const struct effect *effect = effect_of(call->data->nr);

	if (call->data->nr == SYS_setpgid && !call->data->args[0])
		note_group(call->pid);
	if (!effect || !attempt || getpgid(call->pid) != attempt ||
	    !effect->describe(call, effect->name))
		return false;
	if (wanted && strcmp(wanted, call->name))
		return false;
	/* The case has said that it begins before it was forked. */
	read_output();
	note_pair(call->name);
	if (!wanted)
		return false;
	resp->val = effect->success ? effect->success(call) : (long long)call->data->args[0];
	return true;
}

static void serve(struct seccomp_notif *notif, size_t notif_size,
		  struct seccomp_notif_resp *resp, size_t resp_size)
{
	struct call call = { .data = &notif->data };

	memset(notif, 0, notif_size);
	/* Who made it may be gone, or have been interrupted. */
	if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, notif))
		return;
	memset(resp, 0, resp_size);
	call.pid = (pid_t)notif->pid;
	resp->id = notif->id;
	if (!answer(&call, resp))
		resp->flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
	ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, resp);
}

static void supervise(void)
{
	struct seccomp_notif_sizes sizes;
	struct seccomp_notif_resp *resp;
	struct seccomp_notif *notif;
	bool printing = true;

	if (syscall(SYS_seccomp, SECCOMP_GET_NOTIF_SIZES, 0, &sizes))
		die("SECCOMP_GET_NOTIF_SIZES");
	notif = malloc(sizes.seccomp_notif);
	resp = malloc(sizes.seccomp_notif_resp);
	if (!notif || !resp)
		die("malloc");
	while (1) {
		struct pollfd fds[] = {
			{ .fd = listener, .events = POLLIN },
			{ .fd = printing ? output : -1, .events = POLLIN },
		};

		if (!poll(fds, 2, printing ? -1 : LAST_MS))
			break;
		if (fds[0].revents & POLLIN)
			serve(notif, sizes.seccomp_notif, resp, sizes.seccomp_notif_resp);
		else if (fds[0].revents & POLLHUP)
			break;	/* the last that the filter is on has ended */
		if (fds[1].revents)
			printing = read_output();
	}
	read_output();
	free(notif);
	free(resp);
}

/* ---- starting it ---- */

static int install_filter(void)
{
	struct sock_filter code[NR_EFFECTS + 8] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, NATIVE_ARCH, 1, 0),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
	};
	struct sock_fprog filter = { .filter = code };
	size_t n = 4, len = wanted ? strcspn(wanted, "(") : 0;
	int nrs[NR_EFFECTS + 1] = { SYS_setpgid };
	uint8_t count = 1;

	for (size_t i = 0; i < NR_EFFECTS; i++)
		if (!wanted || (strlen(effects[i].name) == len &&
				!strncmp(effects[i].name, wanted, len)))
			nrs[count++] = effects[i].nr;
	for (uint8_t i = 0; i < count; i++)
		code[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K,
				(uint32_t)nrs[i], (uint8_t)(count - i), 0);
	code[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	code[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF);
	filter.len = (unsigned short)n;
	return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
			    SECCOMP_FILTER_FLAG_NEW_LISTENER, &filter);
}

static _Noreturn void start(char **argv, int out, int line)
{
	int fd, null = open("/dev/null", O_RDWR);

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	setpgid(0, 0);
	/* Segments that are not removed, or not made in a namespace of the case's own. */
	if (unshare(CLONE_NEWIPC))
		_exit(127);
	setenv("GLIBC_TUNABLES",
	       "glibc.malloc.mmap_max=0:glibc.malloc.top_pad=67108864:glibc.malloc.trim_threshold=1073741824",
	       1);
	dup2(null, 0);
	dup2(out, 1);
	dup2(null, 2);
	fd = install_filter();
	if (send(line, &fd, sizeof(fd), 0) != sizeof(fd) || fd < 0)
		_exit(127);
	/* Until the other end has it as well. */
	if (recv(line, &null, sizeof(null), 0) != sizeof(null))
		_exit(127);
	close(fd);
	execv(argv[0], argv);
	_exit(127);
}

static void take_listener(int line)
{
	int pidfd = (int)syscall(SYS_pidfd_open, program, 0), fd;

	if (recv(line, &fd, sizeof(fd), 0) != sizeof(fd) || fd < 0)
		die("no filter");
	listener = (int)syscall(SYS_pidfd_getfd, pidfd, fd, 0);
	if (pidfd < 0 || listener < 0 || send(line, &fd, sizeof(fd), 0) != sizeof(fd))
		die("no listener");
	close(pidfd);
}

int main(int argc, char **argv)
{
	int out[2], line[2], first = 1, status;

	if (argc > 2 && !strcmp(argv[1], "-c")) {
		wanted = argv[2];
		first = 3;
	}
	if (argc <= first) {
		fputs("usage: noops-driver [-c CALL] PROGRAM [ARGUMENT...]\n", stderr);
		return 2;
	}
	if (pipe2(out, O_CLOEXEC) || socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, line))
		die("pipe");
	program = fork();
	if (!program)
		start(argv + first, out[1], line[1]);
	close(out[1]);
	close(line[1]);
	output = out[0];
	fcntl(output, F_SETFL, O_NONBLOCK);
	take_listener(line[0]);
	supervise();
	if (waitpid(program, &status, 0) != program || !WIFEXITED(status))
		die("the program did not come to its end");
	for (size_t i = 0; i < nr_pairs; i++)
		printf("%s\t%s\t%s\n", pairs[i].call, pairs[i].test,
		       *pairs[i].verdict ? pairs[i].verdict : "no result");
	return 0;
}
