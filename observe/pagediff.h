/* SPDX-License-Identifier: GPL-2.0 */
/* What changed between two looks at a page, in words. */
#ifndef ANONMEM_OBSERVE_PAGEDIFF_H
#define ANONMEM_OBSERVE_PAGEDIFF_H

#include <stddef.h>

#include "page.h"

int pagediff_format(const struct page *before, const struct page *after, char *text, size_t size);

#endif /* ANONMEM_OBSERVE_PAGEDIFF_H */
