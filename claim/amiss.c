// SPDX-License-Identifier: GPL-2.0
/* Text of what is wrong, "" where nothing is. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "../observe/kpage.h"
#include "amiss.h"

/**
 * say_amiss - put into words what is wrong
 * @format: as of printf(3)
 *
 * Return: the text, until the next call.
 */
const char *say_amiss(const char *format, ...)
{
	static char amiss[256];
	va_list args;

	va_start(args, format);
	vsnprintf(amiss, sizeof(amiss), format, args);
	va_end(args);
	return amiss;
}

/**
 * amounts_amiss - the first of several amounts that is not as it has to be
 * @whose: for people, e.g. "mapper 1: ", or ""
 * @amounts: the amounts
 * @n: how many
 *
 * Return: "" or that amount.
 */
const char *amounts_amiss(const char *whose, const struct amount *amounts, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (amounts[i].wanted != amounts[i].seen)
			return say_amiss("%s%s is %zu kB, not %zu kB", whose, amounts[i].name,
					 amounts[i].seen >> 10, amounts[i].wanted >> 10);
	return "";
}

/**
 * page_amiss - put into words what is wrong with a page
 * @page: which
 * @what: it does, or is
 * @seen: the number that says so
 *
 * Return: as say_amiss().
 */
const char *page_amiss(size_t page, const char *what, uint64_t seen)
{
	return say_amiss("page %zu %s: %#" PRIx64, page, what, seen);
}

/**
 * frames_amiss - what kpageflags and kpagecount have wrong about mapped frames
 * @pfns: the frames
 * @mappers: by how many each is mapped; what is by none is not looked at
 * @n: how many
 * @first: which page has the first of them, for people
 * @anon: KPF(ANON), or 0 for those of a shared object, which are never anonymous
 *
 * Return: "" or what is not as it has to be.
 */
const char *frames_amiss(const uint64_t *pfns, const uint64_t *mappers, size_t n, size_t first,
			 uint64_t anon)
{
	const uint64_t wanted = anon | KPF(MMAP) | KPF(SWAPBACKED);
	uint64_t *counts = calloc(2 * n + 1, sizeof(*counts));
	const char *amiss = "";

	if (!counts || kpage_counts_of(pfns, n, counts) || kpage_flags_of(pfns, n, counts + n))
		amiss = "kpageflags or kpagecount cannot be read";
	for (size_t i = 0; !*amiss && i < n; i++) {
		uint64_t flags = counts[n + i] & (KPF(ANON) | KPF(ZERO_PAGE) | wanted);

		if (!mappers[i])
			continue;
		/* A folio's first page has it, and the others do not show it on all kernels. */
		if (anon && counts[n + i] & KPF(COMPOUND_TAIL))
			flags |= KPF(SWAPBACKED);
		if (!pfns[i])
			amiss = page_amiss(first + i, "hides its frame", 0);
		else if (counts[i] != mappers[i])
			amiss = page_amiss(first + i, "has another mapcount", counts[i]);
		else if (flags != wanted)
			amiss = page_amiss(first + i, "has other flags", counts[n + i]);
	}
	free(counts);
	return amiss;
}
