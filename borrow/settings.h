/* SPDX-License-Identifier: GPL-2.0 */
/* Settings of the machine are changed here for the length of a test case. */
#ifndef ANONMEM_BORROW_SETTINGS_H
#define ANONMEM_BORROW_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "guardian.h"

/* What the kernel reckons by itself when a setting of huge pages is written. */
#define SETTING_MIN_FREE	"/proc/sys/vm/min_free_kbytes"

/* Setup of a case: all zero at first. */
struct settings {
	/* private */
	pid_t owner;			/* 0: not held */
	int lock;
	struct settings_notes *notes;	/* what to write in the end; NULL: nothing yet */
	struct guardian guardian;
};

bool setting_read(const char *path, char *value, size_t size);
bool words_have(const char *words, const char *word);
bool setting_is(const char *path, const char *words);
int setting_write(const char *path, const char *value);

int settings_hold(struct settings *settings, int patience_ms);
int settings_note(struct settings *settings, const char *path, const char *value);
int settings_keep(struct settings *settings, const char *path);
int settings_change(struct settings *settings, const char *path, const char *value);
void settings_release(struct settings *settings);

#endif /* ANONMEM_BORROW_SETTINGS_H */
