/* SPDX-License-Identifier: GPL-2.0 */
/* Becoming somebody who may do less. */
#ifndef ANONMEM_ACT_PRIVILEGE_H
#define ANONMEM_ACT_PRIVILEGE_H

#include <linux/capability.h>
#include <stdbool.h>

/* Owns no process and no file of the tests; any unprivileged id would do. */
#define NOBODY	65534

bool privilege_can_drop(void);
int privilege_drop(void);
bool privilege_is_full(int cap);

#endif /* ANONMEM_ACT_PRIVILEGE_H */
