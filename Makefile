# SPDX-License-Identifier: GPL-2.0
# anonmem: what Linux promises about anonymous, shared and file memory.

TEST_GEN_PROGS := lazy_alloc anon_cow cow_pins shared_anon file_map huge_memory pagemap_swap \
	page_marks pagemap_scan proc_access
TEST_PROGS_EXTENDED := run.sh
TEST_GEN_PROGS_EXTENDED := findpage
TEST_FILES := findpage.1

CFLAGS += -std=gnu11 -O2 -g -Wall -Wextra -Wshadow
CFLAGS += -D_GNU_SOURCE= -D_FILE_OFFSET_BITS=64 $(KHDR_INCLUDES)

ifeq ($(wildcard ../lib.mk),)
$(error ../lib.mk not found: this is a directory of tools/testing/selftests; use ./run.sh elsewhere)
endif

# Each case forks a few times, and each child would look the same symbols up.
LDFLAGS += -Wl,-z,now

include ../lib.mk

# Of a static program there is less to copy and to fault in for each fork, and
# it runs where no C library is.  Where it is position-independent, too, what a
# case maps comes before the program in smaps, which is read from the start and
# has page tables walked for each VMA.  "make static=" does without.
links = echo 'int main(void) { return 0; }' | \
	$(CC) $(CFLAGS) $(LDFLAGS) $(1) -x c - -o /dev/null 2>/dev/null
ifeq ($(filter -static%,$(LDFLAGS)),)
static := $(shell $(call links,-fPIE -static-pie) && echo -fPIE -static-pie || \
	{ $(call links,-static) && echo -static; })
endif
CFLAGS += $(filter -fPIE,$(static))
LDFLAGS += $(filter -static%,$(static))

# What the tests share is compiled once.  lib.mk has put $(OUTPUT) before the
# names in TEST_GEN_PROGS by now.
rooms := observe borrow act claim show
shared := $(patsubst %.c,$(OUTPUT)/%.o,$(wildcard $(rooms:%=%/*.c)))
programs := $(TEST_GEN_PROGS) $(TEST_GEN_PROGS_EXTENDED)
tests := $(programs:%=%.o)

EXTRA_CLEAN += $(shared) $(tests) $(shared:.o=.d) $(tests:.o=.d) $(OUTPUT)/shared.a

$(programs): %: %.o $(OUTPUT)/shared.a
	$(CC) $(CFLAGS) $(LDFLAGS) $^ $(LDLIBS) -o $@

$(OUTPUT)/shared.a: $(shared)
	$(RM) $@
	$(AR) rcs $@ $^

# Not -MMD: what claim/harness.h includes as a system header makes the compiler
# take all that headers beside it include for the system's.
$(shared) $(tests): $(OUTPUT)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -MD -MP -c $< -o $@

-include $(wildcard $(shared:.o=.d) $(tests:.o=.d))
