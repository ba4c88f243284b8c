/* SPDX-License-Identifier: GPL-2.0 */
/* Having KSM merge pages, see admin-guide/mm/ksm.rst. */
#ifndef ANONMEM_ACT_KSM_H
#define ANONMEM_ACT_KSM_H

#include <stdbool.h>

#include "mapping.h"

struct settings;

bool ksm_runs(void);
void ksm_run(struct settings *settings);
int ksm_merge(const struct mapping *one, const struct mapping *other);

#endif /* ANONMEM_ACT_KSM_H */
