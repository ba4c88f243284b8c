/* SPDX-License-Identifier: GPL-2.0 */
/* /proc/PID/status and statm. */
#ifndef ANONMEM_OBSERVE_STATUS_H
#define ANONMEM_OBSERVE_STATUS_H

#include <sys/types.h>

/*
 * Faults that a task may count for itself before it tells its mm, until 6.1: the
 * one that told of those before it, and 65 more (check_sync_rss_stat()).
 */
#define RSS_EVENTS	66

long long status_number(pid_t pid, const char *name);
long status_lag_pages(void);

/* Columns of /proc/PID/statm, see proc_pid_statm(5). */
enum statm { STATM_SIZE, STATM_RESIDENT, STATM_SHARED };

long long statm_number(pid_t pid, enum statm column);
char status_state(pid_t pid);

/* How far a difference of two lines may be off: at both ends. */
static inline long status_drift_pages(void)
{
	return 2 * status_lag_pages();
}

#endif /* ANONMEM_OBSERVE_STATUS_H */
