#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Does a test program leave the machine's settings as it found them, however it ends?
set -euo pipefail

usage()
{
	cat <<-EOF
	usage: settings.sh [--stride N] [--rounds N] [--seed N]

	Builds a program that does nothing but change the settings that cases of
	the tests change, and kills it: at every Nth system call of its own and of
	its guardian (--stride, default 3, from a random first one), and at random
	moments of two overlapping runs (--rounds, default 100). Before that all
	that can be switched off is; then the same, but for rounds, from where some
	of it is on, or min_free_kbytes was set to more or less than the kernel
	comes to. Each time all files below /sys/kernel/mm/{transparent_hugepage,
	ksm} and min_free_kbytes must be as before, except for counters. In the
	end, also of a check that is killed, all is as it was. Needs root, and that
	nobody else changes them meanwhile.

	Exit status: 0 as before, 1 not, 2 wrong usage, 4 cannot be checked here.
	EOF
}

die()
{
	echo "settings.sh: $2" >&2
	exit "$1"
}

number()
{
	[[ ${2:-} =~ ^[0-9]+$ ]] || die 2 "$1 needs a number"
	echo "$2"
}

stride=3 rounds=100 seed=$RANDOM
while (($#)); do
	case $1 in
	--stride) stride=$(number "$@") ;;
	--rounds) rounds=$(number "$@") ;;
	--seed) seed=$(number "$@") ;;
	-h|--help) usage; exit ;;
	*) die 2 "unknown option: $1 (try --help)" ;;
	esac
	shift 2
done
((stride > 0)) || die 2 "--stride must be at least 1"
RANDOM=$seed

readonly mm=/sys/kernel/mm min_free=/proc/sys/vm/min_free_kbytes
readonly thp=$mm/transparent_hugepage ksm=$mm/ksm
((EUID == 0)) || die 4 "needs root"
"${BASH_SOURCE[0]%/*}/debs" install gcc libc6-dev strace
[[ -w $thp/enabled && -w $ksm/run ]] || die 4 "this kernel has no huge pages or no KSM to set"

top=$(cd "$(dirname "$0")/.." && pwd)
scratch=$(mktemp -d)
failures=0
declare -A original=()

cleanup()
{
	local status=$?

	if ((status)) && [[ -s $scratch/stderr ]]; then
		cat "$scratch/stderr"
	fi
	exec {alive}>&-
	# shellcheck disable=SC2046 # one word each
	kill -9 $(jobs -p) 2> /dev/null || :
	wait
	rm -rf "$scratch"
}

set_to()
{
	[[ ! -e $1 ]] || echo "$2" > "$1"
}

value_of()
{
	local value

	value=$(< "$1")
	value=${value#*\[}
	echo "${value%%\]*}"
}

# The kernel reckons min_free_kbytes with each write to a setting of huge pages,
# by what it was, so that the second time is right; what somebody wrote to it
# stays where that is more than what it would be without huge pages.
reckon()
{
	echo 1024 > $min_free
	set_to $thp/enabled "$(value_of $thp/enabled)"
	set_to $thp/enabled "$(value_of $thp/enabled)"
}

note_original()
{
	local file

	for file in $thp/{enabled,shmem_enabled,use_zero_page} "$thp"/hugepages-*/{,shmem_}enabled \
		$ksm/{run,pages_to_scan,sleep_millisecs}; do
		[[ ! -e $file ]] || original[$file]=$(value_of "$file")
	done
	kept_free=$(< $min_free)
}

put_back()
{
	local file

	for file in "${!original[@]}"; do
		echo "${original[$file]}" > "$file"
	done
	# Last: each of the others may have changed it.
	reckon
	[[ $(< $min_free) == "$kept_free" ]] || echo "$kept_free" > $min_free
}

# What puts the original back at the end of this shell, also where it is killed.
guard()
{
	exec setsid bash -c "$(declare -p mm thp min_free kept_free original)
		$(declare -f die undisturbed set_to value_of reckon put_back)
		cat; undisturbed put_back"
}

# Nothing that a case could need is on, so everything has to be changed.
switch_off()
{
	local file

	for file in $thp/enabled $thp/shmem_enabled "$thp"/hugepages-*/{,shmem_}enabled; do
		set_to "$file" never
	done
	set_to $thp/use_zero_page 0
	set_to $ksm/run 2
	set_to $ksm/run 0
	set_to $ksm/pages_to_scan 100
	set_to $ksm/sleep_millisecs 20
}

# What they are set to, not what is counted: others have memory to merge, too.
look()
{
	grep -r . $thp $ksm $min_free |
		grep -vE '/(stats/|full_scans|pages_[^t]|ksm_zero_pages|stable_node_(chains|dups):|general_profit)'
}

# set_free HOW: auto, as the kernel reckons it; more than it recommends; less than
# that, or even less than it would be without huge pages
set_free()
{
	case $1 in
	more) echo $((recommended + 8192)) > $min_free ;;
	less) echo $((recommended / 2 + reckoned / 2)) > $min_free ;;
	least) echo $((reckoned / 2)) > $min_free ;;
	*) reckon ;;
	esac
}

# start_from ALL ONE FREE: how huge pages are set, those of one size, and the rest
start_from()
{
	switch_off
	set_to "$thp/enabled" "$1"
	set_to "$pmd" "$2"
	reckon
	set_free "$3"
	before=$(look)
}

# What the kernel comes to with huge pages, and without any.
learn_free()
{
	start_from always always auto
	recommended=$(< $min_free)
	start_from never never auto
	reckoned=$(< $min_free)
}

# Where nobody has written to it, the kernel goes on reckoning.
still_reckons()
{
	set_to "$pmd" always
	set_to $thp/enabled always
	set_to "$pmd" never
	set_to $thp/enabled never
	set_to $thp/enabled never
	[[ $(< $min_free) == "$reckoned" ]] || fail "$1: min_free_kbytes was written to"
}

# Runs a command when nobody holds the settings: who does may have changed them.
undisturbed()
{
	local lock

	exec {lock}< $mm
	flock -w 60 "$lock" || die 4 "another run holds the settings"
	"$@" {lock}<&-
	exec {lock}<&-
}

fail()
{
	echo "not ok: $*"
	failures=$((failures + 1))
}

as_before()
{
	local now

	now=$(undisturbed look)
	if [[ $now != "$before" ]]; then
		fail "$1 (seed $seed)"
		diff <(echo "$before") <(echo "$now") || before=$now
	fi
}

# The driver's change is seen, so that to see none later means something.
check_use()
{
	local status=0

	"$driver" die > "$scratch/said" || status=$?
	((status == 137)) || fail "it did not die of SIGKILL: $status"
	strace -f -o "$scratch/trace" "$driver" brief > "$scratch/said" || fail "exit status $?"
	grep -q "\"$thp/enabled\|$thp/hugepages-.*/enabled\", O_WRONLY" "$scratch/trace" ||
		fail "nothing was changed"
	as_before "a run that is killed, and one that ends well"
}

# What is not put back yet nobody else may touch, though its program be gone.
check_lock()
{
	local guardian="" program deadline=$((SECONDS + 60))

	: > "$scratch/said"
	"$driver" stay > "$scratch/said" &
	program=$!
	until read -r guardian < "$scratch/said"; do
		((SECONDS < deadline)) || die 1 "it changes nothing"
		sleep 0.01
	done
	if ((guardian)); then
		kill -STOP "$guardian"
	else
		fail "there is no guardian"
	fi
	kill -9 "$program"
	wait "$program" || true
	! flock -n $mm true || fail "the guardian has no lock"
	! ((guardian)) || kill -CONT "$guardian"
	as_before "a guardian that is slow"
}

check_forbidden()
{
	local value

	for value in off no; do
		ANONMEM_SYSFS=$value strace -f -o "$scratch/trace" "$driver" brief > "$scratch/said" ||
			fail "ANONMEM_SYSFS=$value: exit status $?"
		if grep -E '"/(sys|proc)/.*O_(WRONLY|RDWR)' "$scratch/trace"; then
			fail "ANONMEM_SYSFS=$value: a setting was opened for writing"
		fi
	done
	as_before "ANONMEM_SYSFS=off"
}

switch_on()
{
	local file

	for file in $thp/enabled "$thp"/hugepages-*/enabled; do
		set_to "$file" madvise
	done
	set_to $thp/shmem_enabled advise
	for file in "$thp"/hugepages-*/shmem_enabled; do
		set_to "$file" inherit
	done
	set_to $thp/use_zero_page 1
	set_to $ksm/run 1
}

# Nothing is written where all is on already.
check_untouched()
{
	strace -f -o "$scratch/trace" "$driver" brief > "$scratch/said" || fail "exit status $?"
	if grep -E '"/(sys|proc)/.*O_(WRONLY|RDWR)' "$scratch/trace"; then
		fail "a setting was opened for writing although all is on"
	fi
}

# check_steps WHO [FROM]: kill the program at each STRIDEth system call of WHO
check_steps()
{
	local who=$1 n=$((RANDOM % stride + 1)) status=0

	while ((status == 0)); do
		status=0
		"$driver" kill "$who" "$n" > "$scratch/said" 2>&1 || status=$?
		as_before "${2:-}program killed at step $n of the $who"
		n=$((n + stride))
	done
	((status == 3)) || fail "program killed: exit status $status"
	echo "ok: ${2:-}program killed at any of $((n - stride)) steps of the $who"
}

doze()
{
	sleep "0.$(printf '%03d' $((RANDOM % $1)))"
}

# A session of its own, so that its process group can be killed.
start_run()
{
	setsid "$driver" work $((RANDOM % 200)) > "$scratch/out.$1" 2> "$scratch/err.$1" &
	pids[$1]=$!
}

# kill_some RUN: -9 to nobody, the program, its group, or its guardian
kill_some()
{
	local guardian="" how=$((RANDOM % 4))

	[[ -s $scratch/out.$1 ]] && read -r guardian < "$scratch/out.$1"
	case $how in
	1) kill -9 "${pids[$1]}" ;;
	2) kill -9 -- "-${pids[$1]}" ;;
	3) ! grep -qx anonmem-guard "/proc/$guardian/comm" || kill -9 "$guardian" ;;
	esac 2> /dev/null || return 0	# it may have ended, or not begun, its session
}

check_round()
{
	local run status
	local -a pids=()

	for run in 1 2; do
		start_run $run
		doze 60
	done
	doze 60
	# Not both the program and its guardian: nobody would be left.
	kill_some $((RANDOM % 2 + 1))
	for run in 1 2; do
		status=0
		wait "${pids[run]}" 2> /dev/null || status=$?
		((status == 0 || status == 137)) || fail "round: exit status $status"
		if [[ -s $scratch/err.$run ]]; then
			fail "round: $(< "$scratch/err.$run")"
		fi
		rm "$scratch"/{out,err}."$run"
	done
	as_before "round"
}

# check_start ALL ONE FREE: programs that are killed, from another start
check_start()
{
	undisturbed start_from "$@"
	"$driver" brief > "$scratch/said" || fail "exit status $?"
	as_before "$*: a run that ends well"
	check_steps program "$*: "
	[[ $3 != auto ]] || undisturbed still_reckons "$*"
}

driver=$scratch/driver
"${CC:-cc}" -std=gnu11 -O2 -Wall -Wextra -D_GNU_SOURCE= -D_FILE_OFFSET_BITS=64 \
	-o "$driver" "$top/verify/settings-driver.c" "$top"/act/*.c "$top"/borrow/*.c "$top"/observe/*.c
# Another one's "off" must not be taken for what the machine had.
exec {alone}< $thp
flock -n "$alone" || die 4 "another settings.sh is at it"
pmd=$thp/hugepages-$(($(< $thp/hpage_pmd_size) / 1024))kB/enabled
undisturbed note_original
exec {alive}> >(guard)
trap cleanup EXIT
echo "seed $seed"
undisturbed learn_free
# The shell has something to say there about each process that was killed.
check_use 2> "$scratch/stderr"
check_lock 2> "$scratch/stderr"
check_forbidden
undisturbed switch_on
check_untouched
undisturbed start_from never never auto
check_steps guardian
for ((round = 0; round < rounds; round++)); do
	check_round 2> "$scratch/stderr"
done
echo "ok: $rounds rounds of two runs killed at random moments"
while read -r all one free; do
	check_start "$all" "$one" "$free"
done <<-EOF
	never	never	auto
	never	never	more
	never	never	less
	never	never	least
	never	always	least
	madvise	inherit	auto
	madvise	inherit	less
	madvise	never	least
	always	inherit	less
	always	inherit	more
EOF
((failures == 0)) || die 1 "$failures checks failed"
echo "all as before"
