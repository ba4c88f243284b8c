/* SPDX-License-Identifier: GPL-2.0 */
/* A guardian is a process that puts things back when the program cannot any more. */
#ifndef ANONMEM_BORROW_GUARDIAN_H
#define ANONMEM_BORROW_GUARDIAN_H

#include <sys/types.h>

struct guardian {
	pid_t pid;		/* 0: none */
	int hold;		/* closed when the last process of the program ends */
};

int guardian_start(struct guardian *guardian, int keep, void (*restore)(void *arg), void *arg);
void guardian_dismiss(struct guardian *guardian);

#endif /* ANONMEM_BORROW_GUARDIAN_H */
