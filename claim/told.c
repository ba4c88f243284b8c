// SPDX-License-Identifier: GPL-2.0
/* What a process is told to hold, by each file that tells. */
#include "../observe/pagemap.h"
#include "../observe/smaps.h"
#include "../observe/status.h"
#include "told.h"

/**
 * tell - read the accounts of a process
 * @pid: the process, 0 for the caller
 *
 * Return: what they tell, all of it -1 where there is no smaps_rollup.
 */
struct told tell(pid_t pid)
{
	long long page = (long long)page_size();
	struct smaps sum;

	if (smaps_rollup(pid, &sum))
		return (struct told){ -1, -1, -1, -1, -1 };
	return (struct told){
		.status = status_number(pid, "RssAnon") / page,
		.resident = statm_number(pid, STATM_RESIDENT),
		.rollup = (long long)sum.rss / page,
		.rollup_anon = (long long)sum.anonymous / page,
		.pss_of_no_kind = ((long long)sum.pss - (long long)sum.pss_anon -
				   (long long)sum.pss_file - (long long)sum.pss_shmem) / 1024,
	};
}
