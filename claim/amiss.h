/* SPDX-License-Identifier: GPL-2.0 */
/* Text of what is wrong, "" where nothing is: what claims compare with "". */
#ifndef ANONMEM_CLAIM_AMISS_H
#define ANONMEM_CLAIM_AMISS_H

#include <stddef.h>
#include <stdint.h>

/* An amount in bytes, as it has to be and as the kernel has it. */
struct amount {
	const char *name;
	size_t wanted, seen;
};

const char *say_amiss(const char *format, ...) __attribute__((format(printf, 1, 2)));
const char *amounts_amiss(const char *whose, const struct amount *amounts, size_t n);
const char *page_amiss(size_t page, const char *what, uint64_t seen);
const char *frames_amiss(const uint64_t *pfns, const uint64_t *mappers, size_t n, size_t first,
			 uint64_t anon);

#endif /* ANONMEM_CLAIM_AMISS_H */
