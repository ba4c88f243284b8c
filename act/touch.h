/* SPDX-License-Identifier: GPL-2.0 */
/* A byte of memory is written here in each of the ways in which that can happen. */
#ifndef ANONMEM_ACT_TOUCH_H
#define ANONMEM_ACT_TOUCH_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "access.h"
#include "peer.h"

/* Writes one byte; 0, -errno, or FAULTED(signal). */
typedef int (*touch_fn)(void *addr, uint8_t byte);

/* As programs do: the CPU faults. */
#define touch_by_store	store
int touch_by_syscall(void *addr, uint8_t byte);
bool touch_by_mem_forces(void);
bool mem_forces(pid_t pid, const void *closed);
int touch_mem_of(pid_t pid, void *addr, uint8_t byte);
static inline int touch_by_mem(void *addr, uint8_t byte)
{
	return touch_mem_of(0, addr, byte);
}

int touch_after_protection(void *addr, uint8_t byte);

/* By the caller, with NULL for @who, or by a peer. */
#define touch_in(who, fn, addr, byte)	run_in(who, in_touch, addr, (size_t)(fn), byte)
#define touch_each_in(who, fn, map) \
	run_in(who, in_touch_each, (map)->addr, (map)->len, (long)(fn))
long in_touch(void *addr, size_t fn, long byte);
long in_touch_each(void *addr, size_t len, long fn);

int trace_attach(pid_t pid);
int trace_poke(pid_t pid, void *addr, uint8_t byte);
bool trace_permitted(void);

#endif /* ANONMEM_ACT_TOUCH_H */
