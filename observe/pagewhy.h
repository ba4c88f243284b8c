/* SPDX-License-Identifier: GPL-2.0 */
/* Which interface said what of a page, as lines for people. */
#ifndef ANONMEM_OBSERVE_PAGEWHY_H
#define ANONMEM_OBSERVE_PAGEWHY_H

#include <stddef.h>

#include "backing.h"
#include "page.h"

int pagewhy_state(const struct page *page, const struct object *object, char *text, size_t size);
const char *pagewhy_unknown(const struct page *page, size_t which);

#endif /* ANONMEM_OBSERVE_PAGEWHY_H */
