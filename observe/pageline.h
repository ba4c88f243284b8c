/* SPDX-License-Identifier: GPL-2.0 */
/* Pages in words: pageline.c, pagediff.c and pagewhy.c. */
#ifndef ANONMEM_OBSERVE_PAGELINE_H
#define ANONMEM_OBSERVE_PAGELINE_H

#include <stddef.h>
#include <stdint.h>

#include "backing.h"
#include "page.h"

void pageline_format(uint64_t entry, char *text, size_t size);
void pageline_notes(const struct page *page, char *text, size_t size);
void pagediff_format(const struct page *before, const struct page *after, char *text, size_t size);
void pagewhy_state(const struct page *page, const struct object *object, char *text, size_t size);
const char *pagewhy_unknown(const struct page *page, size_t which);

#endif /* ANONMEM_OBSERVE_PAGELINE_H */
