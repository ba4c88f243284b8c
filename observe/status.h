/* SPDX-License-Identifier: GPL-2.0 */
/* /proc/PID/status, and other files of "Name: number" lines. */
#ifndef ANONMEM_OBSERVE_STATUS_H
#define ANONMEM_OBSERVE_STATUS_H

#include <sys/types.h>

long long status_number(pid_t pid, const char *name);
unsigned long long status_mask(pid_t pid, const char *name);

#endif /* ANONMEM_OBSERVE_STATUS_H */
