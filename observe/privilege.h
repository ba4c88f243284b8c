/* SPDX-License-Identifier: GPL-2.0 */
/* What the caller may do. */
#ifndef ANONMEM_OBSERVE_PRIVILEGE_H
#define ANONMEM_OBSERVE_PRIVILEGE_H

#include <linux/capability.h>
#include <stdbool.h>

bool privilege_can_drop(void);
bool privilege_is_full(int cap);

#endif /* ANONMEM_OBSERVE_PRIVILEGE_H */
