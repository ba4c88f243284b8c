/* SPDX-License-Identifier: GPL-2.0 */
/* Pages are merged here by KSM, see admin-guide/mm/ksm.rst. */
#ifndef ANONMEM_ACT_KSM_H
#define ANONMEM_ACT_KSM_H

#include "range.h"

int ksm_merge(const struct range *one, const struct range *other);

#endif /* ANONMEM_ACT_KSM_H */
