/* SPDX-License-Identifier: GPL-2.0 */
/* Pages are put in states here by a board, which has a letter for each page of a mapping. */
#ifndef ANONMEM_ACT_STATES_H
#define ANONMEM_ACT_STATES_H

#include "access.h"
#include "range.h"
#include "sharing.h"

/*
 * '.' untouched, 'P' present, 'S' swapped out, 'C' in memory but not mapped
 * here.  The page-table boundary is in the middle, and the boards differ in
 * what is at the ends and at the boundary.
 */
#define CHECKERS	"S.PSSP.PP..SS.PSPSPS.SP..PPPSS.SSP.SSS.P..SP.PS.S.PPSS..SPSP.P.S"
#define CHECKERS_OTHER	".SSPP.SP.SSP.PS.SP..SPS.SP.SP.SPPSSP.P.SPSP.SS.PP.SS.PPS.S.SPSS."
#define CHECKERS_CACHED	"SCPS.PCPS..CSCPSCSPS.SPC.PPPSSCSCP.SCS.PC.SPCPS.SCPPSS.CSPSPCP.C"
#define UNTOUCHED	"................................................................"
#define ALL_PRESENT	"PPPPPPPPPPPPPPPPPPPPPPPPPPPPPPPPPPPPPPPPPPPPPPPPPPPPPPPPPPPPPPPP"
#define ALL_SWAPPED	"SSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSS"
#define BOARD_PAGES	64

/* What a page of a mapping is filled with unless it is untouched. */
static inline void fill_page(const struct range *map, size_t i)
{
	pattern_fill(page_at(map, i), map->len / map->pages, (unsigned int)i + 1);
}

static inline void fill_pages(const struct range *map)
{
	for (size_t i = 0; i < map->pages; i++)
		fill_page(map, i);
}

/* How many bytes of a page are not that. */
static inline size_t page_diff(const struct range *map, size_t i)
{
	return pattern_diff(page_at(map, i), map->len / map->pages, (unsigned int)i + 1);
}

size_t states_diff(const struct range *map, const char *states);
size_t count_states(const char *states, size_t first, size_t pages, char state);
int put_in_states(const struct range *map, const char *states);
int swap_out(const struct range *map);
int map_swapped(struct range *map, size_t pages, enum sharing how);

#endif /* ANONMEM_ACT_STATES_H */
