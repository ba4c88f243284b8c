#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Builds the tests and runs them on the running kernel through kselftest's own
# runner, wherever this directory is: in a kernel tree, in an installed
# kselftest tree, or on its own, with the harness of a distribution's
# linux-source package or of the tree that $ANONMEM_KSELFTEST names.
set -euo pipefail

usage()
{
	cat <<USAGE
usage: ./run.sh [OPTION...] [TEST[.CASE]...]

Builds and runs all tests on the running kernel, or those named: TEST is one of
$(fold -s -w 78 <<<"${all_tests[*]}" | sed 's/^/  /; s/ *$//')
and CASE a case as "./run.sh --list" prints it, or a shell pattern
("anon_cow.*child*").

  --setup         first install what is missing (as root, with apt-get)
  --require LIST  fail instead of skipping for want of these, e.g. swap,pfn;
                  "all" for every need the skip ledger may name, and
                  "conclusive" for a result wherever the machine was busy
  --list          print TEST.CASE of everything there is, and run nothing
  -v              show all that the runner prints, not only what is not ok
  -h              this text

Environment: ANONMEM_SWAP=off forbids making or using swap; ANONMEM_SYSFS=off
forbids changing the machine's settings of huge pages and KSM, which root does
for as long as a case needs it; ANONMEM_CACHE is where to build when not in a
kernel tree (~/.cache/anonmem); ANONMEM_KSELFTEST is a kernel source tree to
take the harness from.

Exit status: 0 no case failed, 1 some did, or what came of them could not be
read or written, 2 nothing could be run.
USAGE
}

die()
{
	printf 'run.sh: %s\n' "$*" >&2
	exit 2
}

{ : 3>&1; } 2>/dev/null || die "standard output is closed"

here=$(cd "${BASH_SOURCE[0]%/*}" && pwd -P)

# Where they are made the Makefile names them, where they are installed the
# runner's list.
test_names()
{
	if [[ -e $here/Makefile ]]; then
		sed -n ':join; /\\$/ { N; s/\\\n//; b join }; s/^TEST_GEN_PROGS := //p' "$here/Makefile"
	else
		sed -n 's/^anonmem://p' "$here/../kselftest-list.txt"
	fi | tr -s '[:blank:]' '\n'
}

# ------------------------------------------------------------ what is needed

# the command and the Debian package it comes in
readonly tools=(make:make "${CC:-gcc}:gcc" ar:binutils rsync:rsync awk:mawk flock:util-linux)

# the same of what some cases of root's are skipped without
readonly mkfs=(mkfs.ext4:e2fsprogs mkfs.xfs:xfsprogs mkfs.btrfs:btrfs-progs)

missing_mkfs()
{
	local tool PATH=$PATH:/usr/sbin:/sbin

	((EUID == 0)) || return 0
	for tool in "${mkfs[@]}"; do
		command -v "${tool%%:*}" >/dev/null || printf '%s\n' "${tool##*:}"
	done
}

missing_packages()
{
	local tool

	for tool in "${tools[@]}"; do
		command -v "${tool%%:*}" >/dev/null || printf '%s\n' "${tool##*:}"
	done
	[[ -e /usr/include/stdio.h || -n ${CROSS_COMPILE-} ]] || echo libc6-dev
	if [[ $where == alone && ! -e $tree/.complete && -z ${ANONMEM_KSELFTEST-} ]]; then
		[[ -n $(newest_source) ]] || echo linux-source
		command -v xz >/dev/null || echo xz-utils
		command -v tar >/dev/null || echo tar
	fi
}

# the newest kernel source that the distribution has installed
newest_source()
{
	find /usr/src -maxdepth 1 -name 'linux-source-*.tar.xz' 2>/dev/null | sort -V | tail -n 1
}

# the newest linux-source package on offer: its harness names skips from 6.9 on
source_package()
{
	apt-cache search --names-only '^linux-source-[0-9.]+$' | cut -d' ' -f1 | sort -V | tail -n 1
}

setup()
{
	local packages=("$@") i name

	((${#packages[@]})) || return 0
	command -v apt-get >/dev/null ||
		die "--setup knows only apt-get; please install by hand: ${packages[*]}"
	((EUID == 0)) || die "--setup needs root to install: ${packages[*]}"
	echo "run.sh: installing ${packages[*]}" >&2
	apt-get -qq update >&2 || die "apt-get update failed"
	for i in "${!packages[@]}"; do
		[[ ${packages[i]} == linux-source ]] || continue
		name=$(source_package)
		[[ -n $name ]] || die "no linux-source package on offer"
		packages[i]=$name
	done
	DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends \
		-o Dpkg::Use-Pty=0 install "${packages[@]}" >"$log" 2>&1 ||
		die "apt-get install failed: $(tail -n 1 "$log")"
}

# ------------------------------------------------------------ where to build

find_place()
{
	local base

	if [[ ! -e $here/Makefile ]]; then
		where=installed
		work=$(mktemp -d)
		install=${here%/*}
		return
	fi
	base=${ANONMEM_CACHE:-${XDG_CACHE_HOME:-${HOME:-/nonexistent}/.cache}/anonmem}
	work=$base/run-$(printf '%s' "$here" | cksum | cut -d' ' -f1)
	{ mkdir -p "$work" && [[ -w $work ]]; } 2>/dev/null ||
		die "cannot write to $work (ANONMEM_CACHE names another place)"
	install=$work/install
	if [[ -e $here/../lib.mk ]]; then
		where=tree
		tree=$(cd "$here/../../../.." && pwd -P)
	else
		where=alone
		tree=$work/tree
	fi
}

# What a target needs of a kernel tree to be built and run, and no more.
readonly harness=(tools/testing/selftests/{lib.mk,Makefile,run_kselftest.sh,kselftest}
		  tools/testing/selftests/{kselftest.h,kselftest_harness.h}
		  scripts/subarch.include)

unpack_harness()
{
	local archive top

	[[ ! -e $tree/.complete ]] || return 0
	rm -rf "$tree"
	mkdir "$tree"
	if [[ -n ${ANONMEM_KSELFTEST-} ]]; then
		tar -c -C "$ANONMEM_KSELFTEST" "${harness[@]}" | tar -x -C "$tree" ||
			die "$ANONMEM_KSELFTEST is not a kernel source tree"
	else
		archive=$(newest_source)
		top=$(basename "$archive" .tar.xz)
		echo "run.sh: unpacking the kselftest harness of $top" >&2
		# tar stops reading at the last member only where it is told to
		tar -x -f "$archive" -C "$tree" --strip-components=1 \
			"${harness[@]/#/$top/}" || die "cannot unpack $archive"
	fi
	touch "$tree/.complete"
}

build()
{
	local selftests=$tree/tools/testing/selftests output=()

	if [[ $where == alone ]]; then
		unpack_harness
		mkdir -p "$selftests/anonmem"
		rsync -a --delete --delete-excluded --exclude='/.*' --exclude='*.[oad]' \
			--exclude=/verify "${all_tests[@]/#/--exclude=/}" \
			--exclude=/findpage "$here/" "$selftests/anonmem/"
	fi
	output=(O="$work/build" KSFT_INSTALL_PATH="$install")
	mkdir -p "$work/build"
	make -C "$selftests" TARGETS=anonmem FORCE_TARGETS=1 "${output[@]}" \
		install >"$log" 2>&1 ||
		die "the build failed: $(grep -m 1 -E 'error|Error|No such' "$log" || tail -n 1 "$log") (all of it: $log)"
}

# --------------------------------------------------------------- what to run

list_cases()
{
	local test name cases

	for test in "${all_tests[@]}"; do
		cases=$("$install/anonmem/$test" --cases) || die "$test cannot name its cases"
		while read -r name; do
			printf '%s.%s\n' "$test" "$name"
		done <<<"$cases"
	done
}

# Sets run_tests, and KSELFTEST_*_ARGS where not all cases of a test are wanted.
select_tests()
{
	local wanted test pattern name args upper cases found
	declare -A chosen=()

	for wanted; do
		test=${wanted%%.*}
		if [[ $wanted == "$test" ]]; then
			chosen[$test]=
			continue
		fi
		pattern=${wanted#*.}
		cases=$("$install/anonmem/$test" --cases) || die "$test cannot name its cases"
		args='' found=
		while read -r name; do
			# shellcheck disable=SC2053 # a pattern is meant as one
			[[ $name == $pattern ]] || continue
			args+=" -r $name"
			found=1
		done <<<"$cases"
		[[ $found ]] || die "no such case: $wanted (./run.sh --list has them)"
		if [[ -v chosen[$test] && -z ${chosen[$test]} ]]; then
			continue
		fi
		chosen[$test]+=$args
	done
	for test in "${all_tests[@]}"; do
		[[ -v chosen[$test] ]] || continue
		run_tests+=("$test")
		upper=${test^^}
		[[ -z ${chosen[$test]} ]] || export "KSELFTEST_${upper}_ARGS=${chosen[$test]# }"
	done
}

# ---------------------------------------------------------- showing what came

# Reads what the runner prints; a person wants to know which test is at work,
# what is not ok and why, and at the end what was not looked at.
show()
{
	awk -v verbose="$verbose" -v tty="$tty" -v all="${run_tests[*]}" '
	function progress(text) {
		if (tty)
			printf "\r\033[K%s", text
		fflush()
	}
	function end_test(trouble) {
		if (test == "")
			return
		progress("")
		if (trouble != "") {
			printf "not ok %s: %s\n%s", test, trouble, verbose ? "" : held
			fail[test]++
		}
		order[++tests] = test
		printf "%-14s %4d passed %4d failed %4d skipped\n", test, \
			pass[test], fail[test], skip[test]
		fflush()
		test = ""
	}
	function begin_test(name) {
		end_test("how it ended did not come through")
		test = name
		pass[test] = fail[test] = skip[test] = came = 0
		held = plan = ""
	}
	verbose && !/^[^#]* selftests: / { print; fflush() }
	/^# selftests: [^:]*: / {
		begin_test($4)
		progress(test)
		next
	}
	/^(not )?ok [0-9]+ selftests: / {
		# The program as a whole: only news where no case explains it.
		trouble = $0
		sub(/^[^#]*(# )?/, "", trouble)
		if (/^ok/ || fail[test] && (trouble == "" || trouble == "exit=1"))
			trouble = ""
		else if (trouble == "")
			trouble = "failed"
		if (/^ok .*# SKIP/ && plan == "0") {
			skip[test]++
			why[test ": needs of the program, see -v"]++
		} else if (!came || came != plan) {
			trouble = trouble (trouble == "" ? "" : ", ") came " results came " \
				(plan == "" ? "and no plan" : "of " plan " planned")
		}
		end_test(trouble)
		next
	}
	!sub(/^# /, "") { next }
	/^1\.\.[0-9]/ { plan = substr($1, 4); next }
	/^(not )?ok [0-9]+ / {
		came++
		name = $0
		sub(/^(not )?ok [0-9]+ (- )?/, "", name)
		reason = ""
		if (match(name, / *# SKIP */)) {
			reason = substr(name, RSTART + RLENGTH)
			name = substr(name, 1, RSTART - 1)
		}
		if (/^not ok/) {
			fail[test]++
			progress("")
			if (!verbose)
				printf "not ok %s.%s\n%s", test, name, held
		} else if (reason != "") {
			skip[test]++
			why[reason]++
			who[reason] = who[reason] "\n    " test "." name
		} else {
			pass[test]++
		}
		held = ""
		progress(sprintf("%s %d", test, pass[test] + fail[test] + skip[test]))
		next
	}
	/^TAP version|^#  +(RUN|OK|FAIL|SKIP) |^# (Starting|PASSED:|FAILED:|Totals:) / { next }
	sub(/^(# )?/, "  ") { held = held $0 "\n" }
	END {
		end_test("how it ended did not come through")
		for (i = split(all, names); i; i--)
			if (!(names[i] in pass)) {
				begin_test(names[i])
				end_test("it did not run")
			}
		for (i = 1; i <= tests; i++) {
			p += pass[order[i]]; f += fail[order[i]]; s += skip[order[i]]
		}
		n = 0
		for (reason in why)
			n++
		if (n)
			print "\nNot checked on this machine, and what would unlock it:"
		for (reason in why) {
			unlock = reason
			sub(/^needs [a-z0-9_]+: /, "", unlock)
			printf "  %3d  %s\n", why[reason], unlock
			if (verbose)
				print substr(who[reason], 2)
		}
		printf "\n%d passed, %d failed, %d skipped\n", p, f, s
		exit f ? 1 : 0
	}'
}

run()
{
	local args=() test status

	for test in "${run_tests[@]}"; do
		args+=(-t "anonmem:$test")
	done
	# The runner reopens /dev/stdout, so it gets a pipe.  Whether its status
	# means anything depends on its version; what it prints always does.
	# Not every awk says that it could not write, and those that do, not when
	# their reader has gone; cat does, and then reads on.
	"$install/run_kselftest.sh" "${args[@]}" 2>&1 | tee "$log" | show |
		{ cat 2>/dev/null || { cat >/dev/null; false; }; }
	status=("${PIPESTATUS[@]}")
	((!status[3])) || {
		echo "run.sh: what came of it is lost: standard output is closed or full" >&2
		return 1
	}
	return "${status[2]}"
}

# -----------------------------------------------------------------------------

main()
{
	local wanted=() list='' want_setup='' packages=() status said

	mapfile -t all_tests < <(test_names)
	((${#all_tests[@]})) || die "no tests are named here"
	verbose='' tty=''
	while (($#)); do
		case $1 in
		--setup)	want_setup=1 ;;
		--require)	(($# > 1)) || die "--require needs a list, e.g. swap,pfn"
				export ANONMEM_REQUIRE=$2; shift ;;
		--require=*)	export ANONMEM_REQUIRE=${1#*=} ;;
		--list)		list=1 ;;
		-v)		verbose=1 ;;
		-h | --help)	usage; return ;;
		-*)		die "unknown option: $1 (-h explains)" ;;
		*)		wanted+=("$1") ;;
		esac
		shift
	done
	for test in "${wanted[@]}"; do
		[[ " ${all_tests[*]} " == *" ${test%%.*} "* ]] ||
			die "no such test: ${test%%.*} (there are: ${all_tests[*]})"
	done
	[[ ! -t 1 ]] || tty=1

	find_place
	log=$work/log
	if [[ $where == installed ]]; then
		# shellcheck disable=SC2064 # as it is now
		trap "rm -rf '$work'" EXIT
	else
		exec {lock}>"$work/lock"
		flock -n "$lock" || { echo "run.sh: waiting for another build" >&2; flock "$lock"; }
		mapfile -t packages < <(missing_packages)
		if [[ $want_setup ]]; then
			mapfile -t -O "${#packages[@]}" packages < <(missing_mkfs)
			setup "${packages[@]}"
		elif ((${#packages[@]})); then
			die "missing: ${packages[*]} (./run.sh --setup as root installs them)"
		fi
		build
		flock -u "$lock"
	fi

	if [[ -v ANONMEM_REQUIRE ]]; then
		said=$("$install/anonmem/${all_tests[0]}" --cases 2>&1 >/dev/null) || die "$said"
	fi
	if [[ $list ]]; then
		list_cases
		return
	fi
	run_tests=()
	if ((${#wanted[@]})); then
		select_tests "${wanted[@]}"
	else
		run_tests=("${all_tests[@]}")
	fi
	log=$work/last.log
	[[ $where == installed ]] || log=$(mktemp "$work/run.XXXXXX")
	run && status=0 || status=$?
	[[ $where == installed ]] || mv -f "$log" "$work/last.log"
	return "$status"
}

main "$@"
