/* SPDX-License-Identifier: GPL-2.0 */
/* What the kernel says of one page, as a line for people. */
#ifndef ANONMEM_OBSERVE_PAGELINE_H
#define ANONMEM_OBSERVE_PAGELINE_H

#include <stddef.h>
#include <stdint.h>

#include "page.h"

int pageline_format(uint64_t entry, char *text, size_t size);
int pageline_notes(const struct page *page, char *text, size_t size);

#endif /* ANONMEM_OBSERVE_PAGELINE_H */
