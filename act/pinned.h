/* SPDX-License-Identifier: GPL-2.0 */
/* Memory is pinned here for I/O, for as long as one likes. */
#ifndef ANONMEM_ACT_PINNED_H
#define ANONMEM_ACT_PINNED_H

#include <linux/io_uring.h>
#include <stdbool.h>
#include <stddef.h>

struct pinned {
	int ring;
	char *rings;		/* submission and completion, one mapping */
	size_t rings_len;
	void *entries;
	size_t entries_len;
	struct io_uring_params params;
};

int pinned_begin(struct pinned *pinned, void *addr, size_t len);
int pinned_read(struct pinned *pinned, int fd, void *addr, size_t len);
void pinned_end(struct pinned *pinned);
bool pinned_possible(void);

#endif /* ANONMEM_ACT_PINNED_H */
