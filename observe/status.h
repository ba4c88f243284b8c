/* SPDX-License-Identifier: GPL-2.0 */
/* /proc/PID/status and statm. */
#ifndef ANONMEM_OBSERVE_STATUS_H
#define ANONMEM_OBSERVE_STATUS_H

#include <sys/types.h>

/* Faults after which a task tells its mm what it counted for itself, until 6.1. */
#define RSS_EVENTS	64

long long status_number(pid_t pid, const char *name);
long status_drift_pages(void);

/* Columns of /proc/PID/statm, see proc_pid_statm(5). */
enum statm { STATM_SIZE, STATM_RESIDENT, STATM_SHARED };

long long statm_number(pid_t pid, enum statm column);
char status_state(pid_t pid);

#endif /* ANONMEM_OBSERVE_STATUS_H */
