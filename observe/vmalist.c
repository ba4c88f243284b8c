// SPDX-License-Identifier: GPL-2.0
/* The mappings a walk has come by, to see afterwards which have changed. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "vmalist.h"

static uint64_t mix(uint64_t hash, uint64_t value)
{
	hash = (hash ^ value) * 0x9e3779b97f4a7c15ULL;
	return hash ^ hash >> 29;
}

static struct vmalist_item item_of(const struct vma *vma)
{
	uint64_t rest = mix(mix(vma->offset, vma->inode), vma->major);

	rest = mix(rest, vma->minor);
	for (const char *at = vma->perms; *at; at++)
		rest = mix(rest, (unsigned char)*at);
	for (const char *at = vma->name; *at; at++)
		rest = mix(rest, (unsigned char)*at);
	return (struct vmalist_item){ vma->start, vma->end, rest };
}

/**
 * vmalist_add - remember a mapping
 * @list: where; all zero at first; mappings come in the order of addresses
 * @vma: the mapping
 *
 * Return: 0 or -ENOMEM.
 */
int vmalist_add(struct vmalist *list, const struct vma *vma)
{
	if (list->nr == list->room) {
		size_t room = list->room ? 2 * list->room : 64;
		struct vmalist_item *more = realloc(list->items, room * sizeof(*more));

		if (!more)
			return -ENOMEM;
		list->items = more;
		list->room = room;
	}
	list->items[list->nr++] = item_of(vma);
	return 0;
}

struct compare {
	const struct vmalist *list;
	size_t next;
	int (*take)(void *arg, uint64_t start, uint64_t end);
	void *arg;
};

/* Tells of the mappings before @start that have not been met again. */
static int missing_before(struct compare *compare, uint64_t start)
{
	int ret = 0;

	for (; !ret && compare->next < compare->list->nr &&
	     compare->list->items[compare->next].start < start; compare->next++) {
		const struct vmalist_item *item = &compare->list->items[compare->next];

		ret = compare->take(compare->arg, item->start, item->end);
	}
	return ret;
}

static int meet(void *arg, const struct vma *vma)
{
	struct vmalist_item now = item_of(vma);
	struct compare *compare = arg;
	int ret = missing_before(compare, now.start);

	/* One that is not the same stays, and is missed by the next. */
	if (!ret && compare->next < compare->list->nr &&
	    !memcmp(&compare->list->items[compare->next], &now, sizeof(now)))
		compare->next++;
	return ret;
}

/**
 * vmalist_changed - which of the mappings are no longer as they were?
 * @list: the mappings
 * @fd: of /proc/PID/maps
 * @take: told the addresses of each that is gone or different
 * @arg: for @take
 *
 * Return: 0, what @take returned to end the comparison, or -errno.
 */
int vmalist_changed(const struct vmalist *list, int fd,
		    int (*take)(void *arg, uint64_t start, uint64_t end), void *arg)
{
	struct compare compare = { list, 0, take, arg };
	int ret = maps_each(fd, meet, &compare);

	return ret ?: missing_before(&compare, UINT64_MAX);
}

/**
 * vmalist_free - forget all
 * @list: as vmalist_add() filled it
 */
void vmalist_free(struct vmalist *list)
{
	free(list->items);
	*list = (struct vmalist){ 0 };
}
