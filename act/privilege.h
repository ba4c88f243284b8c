/* SPDX-License-Identifier: GPL-2.0 */
/* A process becomes somebody here who may do less, for good. */
#ifndef ANONMEM_ACT_PRIVILEGE_H
#define ANONMEM_ACT_PRIVILEGE_H

#include <stdbool.h>

/* Owns no process and no file of the tests; any unprivileged id would do. */
#define NOBODY	65534

int privilege_drop(void);
bool privilege_can_unshare(void);

#endif /* ANONMEM_ACT_PRIVILEGE_H */
