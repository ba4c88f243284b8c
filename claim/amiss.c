// SPDX-License-Identifier: GPL-2.0
/* Text of what is wrong, "" where nothing is. */
#include <stdarg.h>
#include <stdio.h>

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
