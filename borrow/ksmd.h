/* SPDX-License-Identifier: GPL-2.0 */
/* A case has ksmd come round by this, for its length. */
#ifndef ANONMEM_BORROW_KSMD_H
#define ANONMEM_BORROW_KSMD_H

#include <stdbool.h>

struct settings;

bool ksmd_run(struct settings *settings);
bool ksmd_runs(void);
void ksmd_wake(void);

#endif /* ANONMEM_BORROW_KSMD_H */
