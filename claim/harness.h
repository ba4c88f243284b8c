/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The kselftest harness as a system header: its macros compare signed with
 * unsigned and leave parameters unused, which is its business and would bury
 * what -Wextra has to say of ours.
 */
#ifndef ANONMEM_CLAIM_HARNESS_H
#define ANONMEM_CLAIM_HARNESS_H

#pragma GCC system_header
/* clang speaks up where a macro is used, not where it is from. */
#pragma GCC diagnostic ignored "-Wsign-compare"
#pragma GCC diagnostic ignored "-Wunused-parameter"

#include "../../kselftest_harness.h"

#endif /* ANONMEM_CLAIM_HARNESS_H */
