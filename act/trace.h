/* SPDX-License-Identifier: GPL-2.0 */
/* Writing another process's memory as a debugger does. */
#ifndef ANONMEM_ACT_TRACE_H
#define ANONMEM_ACT_TRACE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

int trace_attach(pid_t pid);
int trace_poke(pid_t pid, void *addr, uint8_t byte);
bool trace_permitted(void);

#endif /* ANONMEM_ACT_TRACE_H */
