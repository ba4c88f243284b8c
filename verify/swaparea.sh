#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Does a test program leave the machine's swap, devices and mounts as it found
# them, whatever kills it?
set -euo pipefail
shopt -s extglob

usage()
{
	cat <<-EOF
	usage: swaparea.sh [--stride N] [--rounds N] [--seed N] [--only swap|files|hangs]

	Builds a program that does nothing but hold a swap area and kills it, its
	guardian, or both: at every Nth system call (--stride, default 9, from a
	random first one), and at random moments of two overlapping runs (--rounds,
	default 100). Afterwards swap areas, block devices, mounts and files must be
	as before; where the guardian died too, after one more run. The same with
	the file systems that the tests make for themselves, and those who keep
	them. Then cases that do not come to their end, in user space, in the
	kernel, stopped, in a process far from the first: they go with their
	program, and so does all it borrowed, settings included, whether the
	program is killed, told to end, or ends them for the time they take.
	Needs root and, but for files, a machine without swap of its own; nothing
	else may make any meanwhile, nor a mount or a block device.

	Exit status: 0 as before, 1 not, 2 wrong usage, 4 cannot be checked here.
	EOF
}

die()
{
	echo "swaparea.sh: $2" >&2
	exit "$1"
}

number()
{
	[[ ${2:-} =~ ^[0-9]+$ ]] || die 2 "$1 needs a number"
	echo "$2"
}

stride=9 rounds=100 seed=$RANDOM only=
while (($#)); do
	case $1 in
	--stride) stride=$(number "$@") ;;
	--rounds) rounds=$(number "$@") ;;
	--seed) seed=$(number "$@") ;;
	--only) [[ ${2-} == @(swap|files|hangs) ]] || die 2 "--only: swap, files or hangs"
		only=$2 ;;
	-h|--help) usage; exit ;;
	*) die 2 "unknown option: $1 (try --help)" ;;
	esac
	shift 2
done
((stride > 0)) || die 2 "--stride must be at least 1"
RANDOM=$seed

((EUID == 0)) || die 4 "needs root"
"${BASH_SOURCE[0]%/*}/debs" install gcc libc6-dev e2fsprogs xfsprogs btrfs-progs
[[ $only == files ]] || (($(wc -l < /proc/swaps) <= 1)) || die 4 "this machine has swap of its own"

readonly settings=/sys/kernel/mm
top=$(cd "$(dirname "$0")/.." && pwd)
scratch=$(mktemp -d)
failures=0

cleanup()
{
	local status=$?

	if ((status)) && [[ -s $scratch/stderr ]]; then
		cat "$scratch/stderr"
	fi
	mountpoint -q "$scratch/mnt" && umount "$scratch/mnt"
	rm -rf "$scratch"
}
trap cleanup EXIT

"${CC:-cc}" -std=gnu11 -O2 -Wall -Wextra -D_GNU_SOURCE= -D_FILE_OFFSET_BITS=64 \
	-o "$scratch/driver" "$top/verify/swaparea-driver.c" "$top"/act/*.c "$top"/borrow/*.c "$top"/observe/*.c
mkdir "$scratch/tmp" "$scratch/mnt"
chmod 755 "$scratch" "$scratch/mnt"
driver=$scratch/driver
export TMPDIR=$scratch/tmp

# One line of a file, or what stands for a file that is not there (any more).
line_of()
{
	local line=-

	{ read -r line < "$1"; } 2> /dev/null || true
	echo "$line"
}

look()
{
	local disk

	cut -f1 /proc/swaps
	for disk in /sys/block/*; do
		echo "${disk##*/} $(line_of "$disk/size") $(line_of "$disk/loop/backing_file")"
	done
	awk -v at="$scratch" 'index($0, at) || $1 ~ /^anonmem|^\/dev\/loop|disk$/' /proc/self/mounts
	for disk in /sys/fs/{ext4,xfs,btrfs}/*; do
		[[ ! -d $disk ]] || echo "$disk"	# one that is mounted, wherever
	done
	find /run /dev /tmp -maxdepth 1 -name 'anonmem*'
	[[ ! -e /sys/fs/cgroup ]] || find /sys/fs/cgroup -name 'anonmem*'
	# When nobody holds them: who does may have changed them.
	flock -w 60 $settings cat $settings/{ksm/run,transparent_hugepage/enabled} 2> /dev/null || :
	ls -A "$scratch/tmp"
}

still_runs()
{
	local comm name

	for comm in /proc/[0-9]*/comm; do
		name=""
		{ read -r name < "$comm"; } 2> /dev/null || continue	# it has just ended
		[[ $name != "$1" ]] || return 0
	done
	return 1
}

still_guarded()
{
	still_runs anonmem-guard
}

still_kept()
{
	still_runs anonmem-keeper
}

# The kernel takes apart what was killed, and that takes it a moment.
differs()
{
	[[ $(look) != "$before" ]] && ((SECONDS < settle_by))
}

await()
{
	local what=$1 deadline=$((SECONDS + 60))

	shift
	while "$@"; do
		if ((SECONDS >= deadline)); then
			echo "not ok: $what: still waiting after a minute"
			exit 1
		fi
		sleep 0.01
	done
}

as_before()
{
	local now settle_by=$((SECONDS + 10))

	await "$1" still_guarded
	await "$1" still_kept
	await "$1" differs
	now=$(look)
	if [[ $now != "$before" ]]; then
		echo "not ok: $1 (seed $seed)"
		diff <(echo "$before") <(echo "$now") || failures=$((failures + 1))
		before=$now
	fi
}

# All that a killed guardian leaves is the next run's to remove.
next_run()
{
	await "$1" still_guarded
	"$driver" brief > "$scratch/next" || failures=$((failures + 1))
}

fail()
{
	echo "not ok: $*"
	failures=$((failures + 1))
}

has_kind()
{
	case $1 in
	zram) [[ -e /sys/class/zram-control/hot_add ]] ;;
	file) ! [[ $(stat -f -c %T "$TMPDIR") =~ ^(tmpfs|ramfs|overlayfs|btrfs)$ ]] ;;
	loop) [[ -e /dev/loop-control ]] ;;
	esac
}

# Its output ends when it does, though a guardian may still be at work then.
check_use()
{
	local said

	said=$(ANONMEM_SWAP=$1 "$driver" work 300) || fail "$1: exit status $?"
	[[ $said == ours* ]] || fail "$1: it said '$said'"
	as_before "$1: a run that ends well"
}

# check_steps KIND WHO [STRIDE]: kill WHO at each STRIDEth system call
check_steps()
{
	local kind=$1 who=$2 stride=${3:-$stride} status=0
	local n=$((RANDOM % stride + 1))

	while ((status == 0)); do
		status=0
		ANONMEM_SWAP=$kind "$driver" kill "$who" "$n" > "$scratch/said" 2>&1 || status=$?
		[[ $who == @(program|files|keepers) ]] || next_run "$kind: $who killed at step $n"
		as_before "$kind: $who killed at step $n"
		n=$((n + stride))
	done
	((status == 3)) || fail "$kind: $who killed: exit status $status"
	echo "ok: $kind: $who killed at any of $((n - stride)) steps"
}

check_refusals()
{
	local status=0 nobody=(setpriv --reuid 65534 --regid 65534 --clear-groups)

	ANONMEM_SWAP=off "$driver" brief 2> "$scratch/said" || status=$?
	[[ $status == 1 && $(< "$scratch/said") == *canceled* ]] || fail "off: $(< "$scratch/said")"
	status=0
	"${nobody[@]}" "$driver" brief 2> "$scratch/said" || status=$?
	[[ $status == 1 && $(< "$scratch/said") == *permitted* ]] ||
		fail "unprivileged: $(< "$scratch/said")"
	as_before "refusals"
}

# Swap that is there is used as it is, by anybody, and not touched.
check_machine_swap()
{
	local said user

	dd if=/dev/zero of="$scratch/swapfile" bs=1M count=8 status=none
	chmod 600 "$scratch/swapfile"
	mkswap -q "$scratch/swapfile"
	swapon "$scratch/swapfile"
	for user in 0 65534; do
		said=$(setpriv --reuid "$user" --clear-groups "$driver" work 100) ||
			fail "machine's swap, user $user: exit status $?"
		[[ $said == "machine 0 " ]] || fail "machine's swap, user $user: '$said'"
	done
	swapoff "$scratch/swapfile"
	rm "$scratch/swapfile"
	as_before "machine's swap"
}

# A guardian at work keeps no file system busy but that of a swap file.
check_busy_mount()
{
	local status=0

	mount -t tmpfs none "$scratch/mnt"
	(cd "$scratch/mnt" && exec "$driver" die > said 2> error < /dev/null) || status=$?
	((status == 137)) || fail "it did not die of SIGKILL: $status"
	umount "$scratch/mnt" || fail "the guardian keeps a mount busy"
	as_before "started on another file system"
}

# A file of that name that is not ours stops us, and stays.
check_planted_state()
{
	local state=/run/anonmem-swap.state status=0

	[[ -d /run && ! -e $state ]] || return 0
	echo "something else" > "$state"
	chown 65534 "$state"
	"$driver" brief 2> "$scratch/said" || status=$?
	[[ $status == 1 && $(cat "$state") == "something else" ]] || fail "planted state file"
	rm "$state"
	as_before "planted state file"
}

# A session of its own, so that its process group can be killed.
start_run()
{
	ANONMEM_SWAP=$2 setsid "$driver" work $((RANDOM % 200)) \
		> "$scratch/out.$1" 2> "$scratch/err.$1" &
	pids[$1]=$!
}

doze()
{
	sleep "0.$(printf '%03d' $((RANDOM % $1)))"
}

# kill_some RUN: -9 to nobody, the program, its group, its guardian, or all
kill_some()
{
	local guardian="" how=$((RANDOM % 5))

	[[ -s $scratch/out.$1 ]] && read -r _ guardian _ < "$scratch/out.$1"
	case $how in
	1) kill -9 "${pids[$1]}" ;;
	2) kill -9 -- "-${pids[$1]}" ;;
	3) [[ -z $guardian ]] || kill -9 "$guardian" ;;
	4) kill -9 ${guardian:+"$guardian"} -- "-${pids[$1]}" ;;
	esac 2> /dev/null || return 0	# it may have ended, or not begun, its session
}

check_round()
{
	local kinds=("$@") run kind status
	local -a pids=()

	kind=${kinds[RANDOM % ${#kinds[@]}]}
	for run in 1 2; do
		start_run $run "$kind"
		doze 60
	done
	doze 60
	for run in $((RANDOM % 2 + 1)) 1 2; do
		kill_some $run
		doze 40
	done
	for run in 1 2; do
		status=0
		wait "${pids[run]}" 2> /dev/null || status=$?
		((status == 0 || status == 137)) || fail "round: exit status $status"
		if [[ -s $scratch/err.$run ]]; then
			fail "round: $(< "$scratch/err.$run")"
		fi
		rm "$scratch"/{out,err}."$run"
	done
	next_run "round of $kind"
	as_before "round of $kind"
}

# kill_files RUN: -9 to nobody, the program, its group, or one that keeps
kill_files()
{
	local how=$((RANDOM % 4)) said=() keeper=""

	[[ -s $scratch/out.$1 ]] && read -r -a said < "$scratch/out.$1"
	if ((${#said[@]} > 1)); then
		keeper=${said[1 + RANDOM % (${#said[@]} - 1)]#/proc/}
		keeper=${keeper%%/*}
	fi
	case $how in
	1) kill -9 "${pids[$1]}" ;;
	2) kill -9 -- "-${pids[$1]}" ;;
	3) [[ -z $keeper ]] || kill -9 "$keeper" ;;
	esac 2> /dev/null || return 0	# it may have ended, or not begun, its session
}

check_files_round()
{
	local run
	local -a pids=()

	for run in 1 2; do
		setsid "$driver" files $((RANDOM % 200)) > "$scratch/out.$run" 2> "$scratch/err.$run" &
		pids[run]=$!
		doze 60
	done
	doze 250
	for run in $((RANDOM % 2 + 1)) 1 2; do
		kill_files $run
		doze 40
	done
	# How it ends when a keeper is killed is not the point.
	wait "${pids[@]}" 2> /dev/null || :
	as_before "round of files"
}

check_files()
{
	local said count round

	said=$("$driver" files 100) || fail "files: exit status $?"
	count=${said%% *}
	as_before "files: a run that ends well"
	if ((!count)); then
		echo "skip: files: this machine has no file system to make"
		return
	fi
	check_steps files files
	# most of theirs are those of mkfs
	check_steps files keepers $((stride * 4))
	for ((round = 0; round < rounds; round++)); do
		check_files_round 2> "$scratch/stderr"
	done
	echo "ok: $rounds rounds of two runs with $count file systems each, killed at random moments"
}

check_swap()
{
	local kind who round
	local -a kinds=()

	check_refusals
	check_machine_swap
	check_planted_state
	for kind in zram file loop; do
		if has_kind $kind; then
			kinds+=("$kind")
			check_use $kind
			for who in program guardian both; do
				check_steps $kind $who
			done
		else
			echo "skip: $kind: this machine has none"
		fi
	done
	((${#kinds[@]})) || die 4 "nothing to make a swap area of"
	# The shell has something to say there about each process that was killed.
	check_busy_mount 2> "$scratch/stderr"
	for ((round = 0; round < rounds; round++)); do
		check_round "${kinds[@]}" 2> "$scratch/stderr"
	done
	echo "ok: $rounds rounds of two runs killed at random moments"
}

# Those of a run that live, whatever they have become: its environment is theirs.
run_of()
{
	grep -lsz "^ANONMEM_RUN=$1\$" /proc/[0-9]*/environ | cut -d/ -f3
}

lives()
{
	((SECONDS < gone_by)) && [[ -n $(run_of "$1") ]]
}

still_quiet()
{
	! grep -q '^HANGS$' "$scratch/said" && kill -0 "$1" 2> /dev/null
}

# end_run HOW PID: have a program end whose case hangs
end_run()
{
	case $1 in
	killed) kill -KILL "$2" ;;
	told) kill -TERM "$2" ;;
	interrupted) kill -INT -- "-$2" ;;
	impatient) kill -ALRM "$2" ;;	# as the harness has itself told
	timed_out) kill -ALRM "$2" ;;	# and as timeout(1) has
	esac
}

# check_hang CASE HOW: a case hangs, and its program ends
check_hang()
{
	local run=$$-$SRANDOM program gone_by limit=() rest

	[[ $2 != timed_out ]] || limit=(timeout 1000)
	: > "$scratch/said"
	ANONMEM_RUN=$run setsid env --default-signal=INT "${limit[@]}" "$hangs" -r "$1" \
		> "$scratch/said" 2>&1 &
	program=$!
	await "$1" still_quiet $program
	if [[ $2 != by_itself ]]; then
		(($(wc -l < /proc/swaps) > 1)) || fail "$1: it has borrowed no swap"
		[[ $(line_of $settings/ksm/run) == [1-] ]] || fail "$1: it has changed no setting"
		end_run "$2" $program
	fi
	wait $program || :	# how it ends is not the point
	gone_by=$((SECONDS + 10))
	while lives "$run"; do
		sleep 0.01
	done
	rest=$(run_of "$run") || :	# nobody is how it should be
	if [[ $rest ]]; then
		fail "$1, $2: still alive: $rest"
		# shellcheck disable=SC2086 # one word each
		kill -9 $rest
	fi
	as_before "$1, $2"
}

build_hangs()
{
	local tree here

	# shellcheck source=verify/lib.sh
	tree=$(. "$top/verify/lib.sh" && source_dir 6.12 selftests)
	cp -a "$tree" "$scratch/tree"
	"$top/verify/to-tree" "$scratch/tree"
	here=$scratch/tree/tools/testing/selftests/anonmem
	hangs=$scratch/hangs
	cp "$top/verify/hangs-driver.c" "$here"
	"${CC:-cc}" -std=gnu11 -O1 -Wall -Wextra -D_GNU_SOURCE= -D_FILE_OFFSET_BITS=64 \
		-o "$hangs" "$here/hangs-driver.c" "$here"/{observe,borrow,act,claim}/*.c -lpthread
}

# In all five ways by default, in fewer where fewer rounds are asked for.
check_hangs()
{
	local ways=(killed told interrupted impatient timed_out) cases case n number=0
	local most=$((rounds < 100 ? rounds / 20 : 5))

	build_hangs
	cases=$("$hangs" --cases)
	for case in $cases; do
		if [[ $case == *.fails_* ]]; then
			check_hang "$case" by_itself 2> "$scratch/stderr"
			number=$((number + 1))
			continue
		fi
		for ((n = 0; n < most; n++)); do
			check_hang "$case" "${ways[number++ % 5]}" 2> "$scratch/stderr"
		done
	done
	echo "ok: $number programs ended whose cases hang, or leave what hangs"
}

before=$(look)
echo "seed $seed"
if [[ ! $only || $only == swap ]]; then
	check_swap
fi
if [[ ! $only || $only == files ]]; then
	check_files
fi
if [[ ! $only || $only == hangs ]]; then
	check_hangs
fi
((failures == 0)) || die 1 "$failures checks failed"
echo "all as before"
