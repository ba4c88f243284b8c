// SPDX-License-Identifier: GPL-2.0
/* What the user of findpage has asked for. */
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "request.h"

#define MOST_SECONDS	86400.0

struct parser {
	struct request *request;
	char *error;
	size_t size;
	const char *pid, *where;
};

/* At most so much of an argument is repeated in a message. */
#define Q		"'%.80s'"

__attribute__((format(printf, 2, 3)))
static int wrong(const struct parser *parser, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(parser->error, parser->size, format, args);
	va_end(args);
	/* A message is one line whatever it repeats. */
	for (char *at = parser->error; *at; at++)
		if ((unsigned char)*at < ' ' || *at == 0x7f)
			*at = '?';
	return -EINVAL;
}

static int parse_pid(const struct parser *parser)
{
	size_t len = strspn(parser->pid, "0123456789");
	unsigned long pid;

	errno = 0;
	pid = strtoul(parser->pid, NULL, 10);
	if (!len || parser->pid[len])
		return wrong(parser, Q " is no process id", parser->pid);
	if (errno || !pid || pid > INT_MAX)
		return wrong(parser, "no process can have the id " Q, parser->pid);
	parser->request->pid = (pid_t)pid;
	return 0;
}

/* Hexadecimal as maps writes it, or with 0x; NULL where it is none. */
static const char *take_address(const char *at, uint64_t *addr, bool *overflow)
{
	size_t len;

	if (at[0] == '0' && (at[1] == 'x' || at[1] == 'X'))
		at += 2;
	len = strspn(at, "0123456789abcdefABCDEF");
	if (!len)
		return NULL;
	errno = 0;
	*addr = strtoull(at, NULL, 16);
	*overflow |= errno == ERANGE;
	return at + len;
}

static int parse_where(const struct parser *parser)
{
	struct request *request = parser->request;
	bool overflow = false;
	const char *at;

	if (!*parser->where)
		return wrong(parser, "the address is empty");
	at = take_address(parser->where, &request->start, &overflow);
	request->where = WHERE_ADDRESS;
	if (at && *at == '-') {
		at = take_address(at + 1, &request->end, &overflow);
		request->where = WHERE_RANGE;
	}
	if (!at || *at) {
		request->where = WHERE_NAME;
		request->name = parser->where;
		return 0;
	}
	if (overflow)
		return wrong(parser, Q " is beyond any address", parser->where);
	if (request->where == WHERE_RANGE && request->start >= request->end)
		return wrong(parser, "the range " Q " ends before it starts or is empty",
			     parser->where);
	return 0;
}

static int parse_watch(const struct parser *parser, const char *seconds)
{
	size_t len = seconds ? strspn(seconds, "0123456789.") : 0;
	char *end = NULL;
	double value;

	if (!seconds)
		return wrong(parser, "--watch needs a number of seconds");
	value = strtod(seconds, &end);
	if (!len || seconds[len] || *end || value < 0.01 || value > MOST_SECONDS)
		return wrong(parser, "--watch " Q ": 0.01 to %.0f seconds", seconds, MOST_SECONDS);
	parser->request->watch_ms = (long)(value * 1000);
	return 0;
}

/* Takes one option; returns how many arguments it was, or -EINVAL. */
static int take_option(const struct parser *parser, char **argv)
{
	struct request *request = parser->request;
	const char *option = argv[0];

	if (!strcmp(option, "-h") || !strcmp(option, "--help"))
		request->help = true;
	else if (!strcmp(option, "--json") && request->format != FORMAT_MAP)
		request->format = FORMAT_JSON;
	else if (!strcmp(option, "--map") && request->format != FORMAT_JSON)
		request->format = FORMAT_MAP;
	else if (!strcmp(option, "--diff"))
		request->diff = true;
	else if (!strcmp(option, "--json") || !strcmp(option, "--map"))
		return wrong(parser, "--json and --map exclude each other");
	else if (!strcmp(option, "--watch"))
		return parse_watch(parser, argv[1]) ?: 2;
	else if (!strncmp(option, "--watch=", 8))
		return parse_watch(parser, option + 8) ?: 1;
	else
		return wrong(parser, "unknown option " Q, option);
	return 1;
}

static int take_operand(struct parser *parser, const char *operand)
{
	if (!parser->pid)
		parser->pid = operand;
	else if (!parser->where)
		parser->where = operand;
	else
		return wrong(parser, Q " is one argument too many", operand);
	return 1;
}

static int check(const struct parser *parser)
{
	const struct request *request = parser->request;

	if (request->help)
		return 0;
	if (!parser->pid)
		return wrong(parser, "which process? findpage PID [ADDR | START-END | NAME]");
	if (request->command && !request->diff)
		return wrong(parser, "a command goes with --diff only");
	if (request->watch_ms && (request->diff || request->format == FORMAT_JSON))
		return wrong(parser, "--watch goes with neither --diff nor --json");
	if (request->diff && request->format == FORMAT_MAP)
		return wrong(parser, "--diff and --map exclude each other");
	return 0;
}

/**
 * request_parse - understand the arguments of findpage
 * @request: where to put what they ask for; points into @argv
 * @argc: as main() gets it
 * @argv: as main() gets it
 * @error: where to put one line of what is wrong, no newline
 * @size: of @error in bytes
 *
 * Return: 0, or -EINVAL with @error filled.
 */
int request_parse(struct request *request, int argc, char **argv, char *error, size_t size)
{
	struct parser parser = { .request = request, .error = error, .size = size };
	int ret, used;

	*request = (struct request){ 0 };
	for (int i = 1; i < argc; i += used) {
		if (!strcmp(argv[i], "--")) {
			if (i + 1 == argc)
				return wrong(&parser, "no command after --");
			request->command = argv + i + 1;
			break;
		}
		used = argv[i][0] == '-' ? take_option(&parser, argv + i)
					 : take_operand(&parser, argv[i]);
		if (used < 0)
			return used;
	}
	ret = check(&parser);
	if (!ret && parser.pid)
		ret = parse_pid(&parser);
	if (!ret && parser.where)
		ret = parse_where(&parser);
	return request->help ? 0 : ret;
}
