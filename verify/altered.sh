#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
set -euo pipefail
# shellcheck source=verify/lib.sh
. "${BASH_SOURCE[0]%/*}/lib.sh"

usage()
{
	cat <<-'USAGE'
	usage: verify/altered.sh [TEST[.CASE]...]

	Shows that the cases can fail on the running kernel. Each line of
	verify/altered/TEST.tab alters the scenario of one case, such that what
	it claims no longer holds (MAP_PRIVATE for MAP_SHARED, a page touched
	beforehand), and that case, built so, has to fail:

	  ROW <tab> CASE <tab> expression for sed -E, applied to TEST.c

	CASE on the command line may be a shell pattern.
	"ROW!" says that the case has to fail rather than start over, and "ROW!!"
	that it does so although pages are moved in each attempt at it, which takes
	root (verify/disturbed.c). An expression that changes nothing is an error, as is
	a case that the table does not know. Cases that are skipped on this machine
	are counted as skipped. Ends with "N passed, N failed, N skipped"; exit
	status 0 if none failed, 1 if some did, 2 if nothing could be tried.
	USAGE
}

# Builds $1 as $2, with the sed expression $3 applied, and with all else that gcc is told.
build_altered()
{
	local test=$1 dir=$2 expression=$3

	shift 3
	mkdir "$dir"
	sed -E "$expression" "$here/$test.c" >"$dir/$test.c" || return
	if cmp -s "$here/$test.c" "$dir/$test.c"; then
		echo "the expression changes nothing" >"$dir/why"
		return 1
	fi
	gcc -std=gnu11 -O0 -D_GNU_SOURCE= -D_FILE_OFFSET_BITS=64 -I"$here" "$dir/$test.c" \
		"$@" "$here/shared.a" -o "$dir/$test" 2>"$dir/errors" && return
	echo "does not build: $(grep -m 1 error "$dir/errors")" >"$dir/why"
	return 1
}

# Prints "ok|not ok|skip ROW CASE" for one line of a table.
try()
{
	local test=$1 number=$2 row=$3 case=$4 expression=$5
	local dir=$scratch/$test-$number verdict="not ok" disturbed=() why=

	[[ $row != *!! ]] || disturbed=("$ROOT/verify/disturbed.c" "-Wl,--wrap=attempt_next")
	if ! build_altered "$test" "$dir" "$expression" "${disturbed[@]}"; then
		why=$(<"$dir/why")
	elif ! grep -qxF -- "$case" <<<"$("$dir/$test" --cases)"; then
		why="no such case"
	else
		timeout 60 "$dir/$test" -r "$case" >"$dir/out" 2>&1 && why="held all the same"
		if grep -qx '# not disturbed' "$dir/out"; then
			verdict=skip why="needs root, and CONFIG_COMPACTION, to disturb it"
		elif grep -qE "^not ok [0-9]+ (- )?$case( |$)" "$dir/out"; then
			verdict=ok why=
		elif grep -qE "^ok [0-9]+ (- )?$case.*# SKIP" "$dir/out"; then
			verdict=skip why=$(sed -n "s/^ok .*# SKIP //p" "$dir/out")
			[[ $row != *! || $why != inconclusive* ]] || verdict="not ok"
		fi
	fi
	printf '%s %s %s: %s%s\n' "$verdict" "$row" "$test" "$case" "${why:+ ($why)}"
	rm -rf "$dir"
}

# Runs the lines of all tables, two at a time, as long as there are any.
try_all()
{
	local test pattern row case expression number=0

	for test; do
		pattern='*'
		[[ $test != *.* ]] || pattern=${test#*.}
		test=${test%%.*}
		while IFS=$'\t' read -r row case expression; do
			[[ -n $row && $row != \#* ]] || continue
			# shellcheck disable=SC2053 # a pattern is meant as one
			[[ $case == $pattern ]] || continue
			while (($(jobs -rp | wc -l) >= $(nproc))); do
				wait -n || :	# its verdict is on its line
			done
			number=$((number + 1))
			try "$test" "$number" "$row" "$case" "$expression" &
		done <"$ROOT/verify/altered/$test.tab"
	done
	wait
}

main()
{
	local table tests=() test

	[[ ${1-} != @(-h|--help) ]] || { usage; return; }
	for test; do
		[[ -r $ROOT/verify/altered/${test%%.*}.tab ]] ||
			die "there is no verify/altered/${test%%.*}.tab"
	done
	tests=("$@")
	if ((!$#)); then
		for table in "$ROOT"/verify/altered/*.tab; do
			test=${table##*/}
			tests+=("${test%.tab}")
		done
	fi
	packages_install gcc libc6-dev make binutils
	scratch=$(mktemp -d)
	trap 'rm -rf "$scratch"' EXIT
	here=$(tests_build "$scratch/tree")
	try_all "${tests[@]}" | tee "$scratch/verdicts"
	awk '/^ok/ { p++ } /^not ok/ { f++ } /^skip/ { s++ }
	     END { printf "%d passed, %d failed, %d skipped\n", p, f, s
		   exit f ? 1 : p ? 0 : 2 }' "$scratch/verdicts"
}

ROOT=$(cd "${BASH_SOURCE[0]%/*}/.." && pwd)
shopt -s extglob
main "$@"
