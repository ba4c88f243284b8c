/* SPDX-License-Identifier: GPL-2.0 */
/* Limits on resources that whoever started the tests has set. */
#ifndef ANONMEM_ACT_LIMITS_H
#define ANONMEM_ACT_LIMITS_H

void limits_lift(void);

#endif /* ANONMEM_ACT_LIMITS_H */
