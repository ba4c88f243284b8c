/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A forked process that does one thing at a time when told to, so that a
 * scenario of several processes reads top to bottom in one function.
 */
#ifndef ANONMEM_ACT_PEER_H
#define ANONMEM_ACT_PEER_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct peer {
	pid_t pid;
	int line;		/* socket to it */
	struct peer *parent;	/* NULL: a child of the caller */
};

/* Anything a peer can be told to run: a function of the same program. */
typedef long (*peer_fn)(void *addr, size_t len, long arg);

int peer_fork(struct peer *peer);
int peer_fork_from(struct peer *parent, struct peer *peer);
long peer_call(struct peer *peer, peer_fn fn, const void *addr, size_t len, long arg);
int peer_start(struct peer *peer, peer_fn fn, const void *addr, size_t len, long arg);
long peer_finish(struct peer *peer);
long run_in(struct peer *who, peer_fn fn, const void *addr, size_t len, long arg);
int peer_exit(struct peer *peer);
int peer_exec(struct peer *peer);

/*
 * What run_in() is most often told: load(), store() of @arg, pattern_fill() and
 * pattern_diff() of seed @arg, all_zero(), and the system calls, which give
 * -errno; @arg is the advice or the protection.
 */
long in_load(void *addr, size_t len, long arg);
long in_store(void *addr, size_t len, long arg);
long in_fill(void *addr, size_t len, long arg);
long in_diff(void *addr, size_t len, long arg);
long in_all_zero(void *addr, size_t len, long arg);
long in_madvise(void *addr, size_t len, long arg);
long in_mprotect(void *addr, size_t len, long arg);
long in_munmap(void *addr, size_t len, long arg);

int peer_load(struct peer *peer, const void *addr);
int peer_store(struct peer *peer, void *addr, uint8_t byte);
long peer_fill(struct peer *peer, void *addr, size_t len, unsigned int seed);
long peer_diff(struct peer *peer, const void *addr, size_t len, unsigned int seed);
long peer_all_zero(struct peer *peer, const void *addr, size_t len);
int peer_madvise(struct peer *peer, void *addr, size_t len, int advice);
int peer_mprotect(struct peer *peer, void *addr, size_t len, int prot);
int peer_munmap(struct peer *peer, void *addr, size_t len);

#endif /* ANONMEM_ACT_PEER_H */
