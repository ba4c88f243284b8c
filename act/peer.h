/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A peer is a forked process that does one thing at a time when told to, so that a
 * scenario of several processes reads top to bottom in one function.
 */
#ifndef ANONMEM_ACT_PEER_H
#define ANONMEM_ACT_PEER_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <sys/wait.h>

#include "access.h"

struct peer {
	pid_t pid;
	int line;		/* socket to it */
	struct peer *parent;	/* NULL: a child of the caller */
};

/* Whose the tables in /proc are, 0 for the caller's, as the observers take it. */
static inline pid_t pid_of(const struct peer *who)
{
	return who ? who->pid : 0;
}

/* What a process that was reaped came to: its exit status, or FAULTED(signal). */
static inline int exit_answer(int status)
{
	return WIFSIGNALED(status) ? FAULTED(WTERMSIG(status)) : WEXITSTATUS(status);
}

/* Anything a peer can be told to run: a function of the same program. */
typedef long (*peer_fn)(void *addr, size_t len, long arg);

int peer_fork(struct peer *peer);
int peer_fork_from(struct peer *parent, struct peer *peer);
int peer_start(struct peer *peer, peer_fn fn, const void *addr, size_t len, long arg);
long peer_finish(struct peer *peer);
long run_in(struct peer *who, peer_fn fn, const void *addr, size_t len, long arg);
/* The same of who is always a peer. */
#define peer_call	run_in
int peer_exit(struct peer *peer);
int peer_exec(struct peer *peer);

long in_load(void *addr, size_t len, long arg);
long in_store(void *addr, size_t len, long arg);
long in_fill(void *addr, size_t len, long arg);
long in_diff(void *addr, size_t len, long arg);
long in_all_zero(void *addr, size_t len, long arg);
long in_madvise(void *addr, size_t len, long arg);
long in_mprotect(void *addr, size_t len, long arg);
long in_munmap(void *addr, size_t len, long arg);

/*
 * What the caller, with NULL for @who, or a peer is most often told: load() and
 * its like of access.h, and system calls, which give -errno. A peer that does
 * not answer gives what peer_finish() does.
 */
#define load_in(who, addr)			run_in(who, in_load, addr, 0, 0)
#define store_in(who, addr, byte)		run_in(who, in_store, addr, 0, byte)
#define fill_in(who, addr, len, seed)		run_in(who, in_fill, addr, len, seed)
#define diff_in(who, addr, len, seed)		run_in(who, in_diff, addr, len, seed)
#define all_zero_in(who, addr, len)		run_in(who, in_all_zero, addr, len, 0)
#define madvise_in(who, addr, len, advice)	run_in(who, in_madvise, addr, len, advice)
#define mprotect_in(who, addr, len, prot)	run_in(who, in_mprotect, addr, len, prot)
#define munmap_in(who, addr, len)		run_in(who, in_munmap, addr, len, 0)

#endif /* ANONMEM_ACT_PEER_H */
