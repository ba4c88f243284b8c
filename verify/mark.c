// SPDX-License-Identifier: GPL-2.0
/*
 * mark PROGRAM [ARGUMENT...]: run a program that planted faults may strike.
 *
 * The mark is a bit of personality(2) that no kernel gives a meaning to. fork
 * and exec hand it on, so that the program's children carry it too and nobody
 * else does. It must be ANONMEM_MARK of faults/anonmem_fault.h.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/personality.h>
#include <unistd.h>

#define ANONMEM_MARK	0x0010000
#define QUERY		0xffffffff

int main(int argc, char **argv)
{
	int old;

	if (argc < 2) {
		fprintf(stderr, "usage: mark PROGRAM [ARGUMENT...]\n");
		return 2;
	}
	old = personality(QUERY);
	if (old < 0 || personality((unsigned int)old | ANONMEM_MARK) < 0) {
		fprintf(stderr, "mark: personality: %s\n", strerror(errno));
		return 126;
	}
	execvp(argv[1], argv + 1);
	fprintf(stderr, "mark: %s: %s\n", argv[1], strerror(errno));
	return errno == ENOENT ? 127 : 126;
}
