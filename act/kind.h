/* SPDX-License-Identifier: GPL-2.0 */
/* Private anonymous memory is arranged here in each of the forms that a page of it can have. */
#ifndef ANONMEM_ACT_KIND_H
#define ANONMEM_ACT_KIND_H

#include "range.h"

/*
 * A kind of page is one row, and in no other place.  The columns:
 *
 * ID, name	in the code, and in the names of cases
 * typical	NO: differs in the number of its pages from one that is, so that cases
 *		about every way to do something leave it out
 * there	in memory, and not in swap
 * own		there, as memory that the process wrote and that is nobody else's
 * plain	smaps counts it as such pages always are: what is swapped is not there,
 *		what came back from swap is clean, what KSM merged has other mappers
 * holds	PATTERN or ZEROS
 * folio	SMALL, BY_PMD, or BY_PTES where it is large and yet not mapped by a PMD
 * order	of folios that are large, but below a PMD's size
 * then		the function of kind.c that makes it what it is once it was filled
 * needs	two of claim/need.h, or NOTHING
 * want		what -EAGAIN from that function, or on mapping, is for want of
 */
#define PAGE_KINDS(ROW, x)							\
	/*  ID, name,				typ, there, own, plain */	\
	ROW(x, BASE_PAGES, base,		YES, YES, YES, YES,		\
	    PATTERN, SMALL, 0, leave_it, NOTHING, NOTHING, NULL)		\
	ROW(x, PMD_THP, pmd_thp,		YES, YES, YES, YES,		\
	    PATTERN, BY_PMD, 0, leave_it, THP, NOTHING, NO_HUGE_PAGE)		\
	ROW(x, PTE_THP, pte_thp,		YES, YES, YES, YES,		\
	    PATTERN, BY_PTES, 0, thp_map_by_ptes, THP, NOTHING, NO_HUGE_PAGE)	\
	ROW(x, SWAPPED_PAGES, swapped,		YES, NO, NO, NO,		\
	    PATTERN, SMALL, 0, swap_all_out, SWAP, NOTHING, NULL)		\
	ROW(x, ZERO_PAGES, zero,		YES, YES, NO, YES,		\
	    ZEROS, SMALL, 0, only_read, NOTHING, NOTHING, NULL)			\
	ROW(x, HUGE_ZERO_PAGE, huge_zero,	YES, YES, NO, YES,		\
	    ZEROS, BY_PMD, 0, leave_it, HUGE_ZERO, NOTHING, NO_HUGE_PAGE)	\
	ROW(x, SWAP_CACHED_PAGES, swap_cached,	YES, YES, YES, NO,		\
	    PATTERN, SMALL, 0, swap_in_cached, SWAP, KPAGE,			\
	    "pages did not stay in the swap cache")				\
	ROW(x, MERGED_PAGES, merged,		YES, YES, NO, NO,		\
	    PATTERN, SMALL, 0, merge, KSM, KPAGE, "ksmd did not come round")	\
	KIND_OF_ORDER(ROW, x, 2, NO)						\
	KIND_OF_ORDER(ROW, x, 3, NO)						\
	KIND_OF_ORDER(ROW, x, 4, YES)						\
	KIND_OF_ORDER(ROW, x, 5, NO)						\
	KIND_OF_ORDER(ROW, x, 6, NO)						\
	KIND_OF_ORDER(ROW, x, 7, NO)						\
	KIND_OF_ORDER(ROW, x, 8, NO)

#define KIND_OF_ORDER(ROW, x, order, typical)					\
	ROW(x, ORDER_##order, order_##order,	typical, YES, YES, YES,		\
	    PATTERN, BY_PTES, order, leave_it, MTHP, NOTHING, NO_HUGE_PAGE)
#define NO_HUGE_PAGE	"no huge page to be had"

#define PAGE_KIND_ID(x, id, ...)	id,
enum page_kind { PAGE_KINDS(PAGE_KIND_ID, 0) };

struct kind {
	enum { NO, YES } typical, there, own, plain;
	enum { PATTERN, ZEROS } holds;
	enum folio { SMALL, BY_PMD, BY_PTES } folio;
	size_t folio_pages;	/* where the order is given, else 1 */
	int (*then)(struct range *map);
	const char *want;
};

extern const struct kind kinds[];

#define KIND_PAGES	64	/* of the kinds that are not huge */

size_t kind_most_bytes(void);
int arrange_pages(struct range *map, enum page_kind kind, const void *content);

#endif /* ANONMEM_ACT_KIND_H */
