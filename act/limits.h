/* SPDX-License-Identifier: GPL-2.0 */
/* Limits on resources, and habits, that whoever started the tests has set end here. */
#ifndef ANONMEM_ACT_LIMITS_H
#define ANONMEM_ACT_LIMITS_H

#include <stdbool.h>
#include <stddef.h>

void limits_lift(void);
bool limits_leave_alone(void);
bool limits_leave(int resource, size_t enough);

#endif /* ANONMEM_ACT_LIMITS_H */
