#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
# Does findpage tell the states of pages? Here, or in a guest of verify/guests:
# a shell as small as busybox's will do, and no page size, width of a word or
# order of bytes is assumed.

usage()
{
	cat <<-'USAGE'
	usage: findpage-states.sh DIR

	Has DIR/driver (verify/findpage-driver.c) make pages in every state that
	there is on this machine and for this user, asks DIR/findpage about each,
	and prints TAP.

	ANONMEM_STATES   labels of states that root must be able to make (huge pages
	                 where the machine has them); the machine is ours then, to
	                 reserve huge pages and to turn transparent ones on
	USAGE
}

results=0
readonly thp=/sys/kernel/mm/transparent_hugepage

# result STATUS NAME [WHY]
result()
{
	results=$((results + 1))
	[ -z "$3" ] || echo "# findpage-states.sh:$results:$2: $3"
	echo "$1 $results $2"
}

# is NAME WANTED GOT
is()
{
	if [ "$2" = "$3" ]; then
		result ok "$1"
	else
		result "not ok" "$1" "expected '$2', got '$3'"
	fi
}

# ------------------------------------------------------------- what to expect

root_sees()
{
	case $1 in
	none|shmem-none|file-none|file-beyond) echo none ;;
	zero|thp-zero) echo "zero page" ;;
	anon|anon-forked|file-cow|hugetlb|thp) echo anonymous ;;
	swapcache|shmem-swapcache) echo "swap cache" ;;
	swapped|shmem-swapped) echo swapped ;;
	shmem-cached|file-cached) echo "cached, not mapped" ;;
	poison-marker) echo poisoned ;;
	*) echo "$1" ;;
	esac
}

# since MAJOR MINOR: is the kernel that new?
since()
{
	uname -r | awk -F '[.-]' -v a="$1" -v b="$2" '{ exit !($1 > a || $1 == a && $2 >= b) }'
}

# whoever has no privilege, of a process of his own
user_sees()
{
	case $1 in
	# not his alone, as the driver has forked, and so perhaps the page of zeros, but
	# for PAGEMAP_SCAN, which tells anybody
	zero|anon|anon-forked|thp) if since 6 7; then root_sees "$1"; else echo unknown; fi ;;
	# a slot or a marker: bit 58 tells a guard from them
	guard) if since 6 15; then echo guard; else echo unknown; fi ;;
	swapped|poisoned|poison-marker) echo unknown ;;
	shmem-none|shmem-cached|shmem-swapped|shmem-swapcache) echo unknown ;;
	file-none|file-cached|file-beyond) echo unknown ;;
	*) root_sees "$1" ;;
	esac
}

expected()
{
	local label=$1

	if [ "$user" = 0 ]; then
		root_sees "$label"
		return
	fi
	# the flag that would tell is hidden: it is anonymous as well
	[ "$label" != swapcache ] || label=anon
	user_sees "$label"
}

# as JSON has it
key()
{
	case $1 in
	"zero page") echo zero ;;
	"swap cache") echo swap_cache ;;
	"cached, not mapped") echo cached ;;
	*) echo "$1" ;;
	esac
}

# ------------------------------------------------------------------ the checks

# start WHAT...: the driver's pages are made, and stay until stop
start()
{
	local tries=0

	rm -f "$scratch/in"
	: >"$scratch/states"
	mkfifo "$scratch/in"
	"$dir/driver" "$@" <"$scratch/in" >"$scratch/states" 2>"$scratch/errors" &
	pid=$!
	exec 3>"$scratch/in"
	until grep -qx ready "$scratch/states"; do
		tries=$((tries + 1))
		if [ $tries -gt 1200 ] || ! kill -0 $pid 2>/dev/null; then
			echo "Bail out! the driver did not get ready: $(head -n 1 "$scratch/errors")"
			exit 1
		fi
		usleep 50000 2>/dev/null || sleep 0.05
	done
}

# stop WHAT
stop()
{
	exec 3>&-
	wait $pid
	is "driver_ended_well_$1" 0 $?
}

must()
{
	[ "$user" = 0 ] || return
	case " $ANONMEM_STATES " in
	*" $1 "*) ;;
	*) return 1 ;;
	esac
	case $1 in
	*thp*) [ -d $thp ] ;;
	hugetlb) grep -q '^Hugepagesize:.*[1-9]' /proc/meminfo ;;
	esac
}

# check_state LABEL ADDRESS: one page in full, as a row, and as JSON
check_state()
{
	local want range

	want=$(expected "$1")
	range=$2-$(printf %x $((0x$2 + page)))
	"$dir/findpage" $pid "$2" >"$scratch/one"
	is "state_$1" "$want" "$(sed -n 's/^state  *//p' "$scratch/one")"
	is "reason_$1" 1 "$(grep -c ^why "$scratch/one")"
	is "row_$1" 1 "$("$dir/findpage" $pid "$range" | grep -c "^  0*$2-[0-9a-f]*  *1  $want\$\|^  0*$2-[0-9a-f]*  *1  $want  ")"
	is "json_$1" "$(key "$want")" "$("$dir/findpage" --json $pid "$2" |
		sed -n 's/.*"page": {.*"state": "\([a-z_]*\)".*/\1/p')"
}

check_states()
{
	local label addr why

	while read -r label addr why; do
		[ "$label" != ready ] || continue
		if [ "$addr" != - ]; then
			check_state "$label" "$addr"
		else
			not_made "$label" "$why"
		fi
	done <"$scratch/states"
}

# not_made LABEL WHY
not_made()
{
	if must "$1"; then
		result "not ok" "state_$1" "this kernel can, but: $2"
	else
		result ok "state_$1 # SKIP $2"
	fi
}

# what there is to see of the process without findpage, soft-dirty bits and all
look()
{
	"$dir/driver" entries $pid
	# minor and major faults, of it and of its children
	sed 's/.*) //' /proc/$pid/stat | cut -d ' ' -f 8-11
}

smaps_sum()
{
	awk -v n="$1:" '$1 == n { s += $2 } END { print s + 0 }' /proc/$pid/smaps
}

# Root is told what smaps has. Others have pages that findpage does not know of:
# it says so, and does not count too many.
check_totals()
{
	local rss anonymous swap

	rss=$(smaps_sum Rss) anonymous=$(smaps_sum Anonymous) swap=$(smaps_sum Swap)
	sed -n 's/^as smaps counts: //p' "$scratch/all" >"$scratch/totals"
	if [ "$user" = 0 ]; then
		is totals_agree_with_smaps "Rss $rss kB, Anonymous $anonymous kB, Swap $swap kB" \
			"$(cat "$scratch/totals")"
	else
		is totals_are_within_smaps "" "$(tr -d , <"$scratch/totals" |
			awk -v r="$rss" -v a="$anonymous" -v s="$swap" '
			!/^Rss at least/ || $4 > r || $9 > a || $14 > s')"
	fi
}

check_all()
{
	look >"$scratch/before"
	check_states
	is facts "" "$("$dir/driver" facts)"
	if grep -q '\[vdso\]' /proc/$pid/maps; then
		is vdso special "$("$dir/findpage" $pid '[vdso]' | awk '/^ / { print $3; exit }')"
	else
		result ok "vdso # SKIP no vdso"
	fi
	"$dir/findpage" $pid >"$scratch/all"
	check_totals
	is nothing_is_ksm 0 "$(grep -c ksm "$scratch/all")"
	is map_is_drawn 1 "$("$dir/findpage" --map $pid | grep -c '^A anonymous')"
	look >"$scratch/after"
	is looking_changes_nothing "" "$(diff "$scratch/before" "$scratch/after" | head -n 4)"
}

# ------------------------------------------------------------- pages on the move

# seen_in STATE COMMAND...: does one of many looks at what keeps changing show it?
# It is in $scratch/look, all are in $scratch/looks. An emulated machine may need
# a second for each.
seen_in()
{
	local state=$1 tries=0 end
	shift

	end=$(($(date +%s) + 30))
	while [ $tries -lt 1000 ] && [ "$(date +%s)" -lt $end ]; do
		tries=$((tries + 1))
		"$@" >"$scratch/look" || break
		cat "$scratch/look" >>"$scratch/looks"
		! grep -q "$state" "$scratch/look" || break
	done
	echo "# $tries looks" >>"$scratch/looks"
	grep -q "$state" "$scratch/look" && echo seen
}

# Pages that are here, there, or just between two nodes; never anything else.
check_moving()
{
	local label=$1 range=$2

	: >"$scratch/looks"
	is "row_$label" seen "$(seen_in '  migrating' "$dir/findpage" $pid "$range")"
	is "states_$label" "" "$(grep '^  [0-9a-f]*-' "$scratch/looks" |
		grep -v -e '  anonymous ' -e '  migrating ' | head -n 1)"
	is "json_$label" seen "$(seen_in '"state": "migrating"' "$dir/findpage" --json $pid "$range")"
	# A page alone is looked at until it rests, which is seldom on its way, and of
	# many that move one by one too seldom to be waited for.
	if [ "$label" = migrating-thp ]; then
		if [ "$(seen_in '^state  *migrating$' "$dir/findpage" $pid "${range%-*}")" ]; then
			is "reason_$label" 1 "$(grep -c ' migrating: ' "$scratch/look")"
		else
			result ok "reason_$label # SKIP never met alone and on its way"
		fi
	fi
	grep looks "$scratch/looks"
}

# check_migration LABEL WHAT
check_migration()
{
	local range why

	start migrate "$2"
	read -r range why <"$scratch/states"
	if [ "$range" = - ]; then
		not_made "$1" "$why"
	elif [ "$user" != 0 ]; then
		result ok "state_$1 # SKIP CAP_SYS_ADMIN tells it from swapped"
	else
		check_moving "$1" "$range"
	fi
	stop "$1"
}

# ------------------------------------------------------------------ huge pages

# set_huge PAGES ENABLED ZERO: a kernel may have neither kind
set_huge()
{
	[ ! -w /proc/sys/vm/nr_hugepages ] || echo "$1" >/proc/sys/vm/nr_hugepages
	[ ! -w $thp/enabled ] || echo "$2" >$thp/enabled
	[ ! -w $thp/use_zero_page ] || echo "$3" >$thp/use_zero_page
}

cleanup()
{
	[ -z "$was" ] || set_huge 0 "$was" 1
	rm -rf "$scratch"
}

main()
{
	case $1 in
	-h|--help) usage; exit ;;
	esac
	dir=${1:?which directory?} user=$(id -u)
	was=
	scratch=$(mktemp -d)
	trap cleanup EXIT
	page=$(awk '/^KernelPageSize:/ { print 1024 * $2; exit }' /proc/self/smaps)
	if [ -n "$ANONMEM_STATES" ] && [ "$user" = 0 ]; then
		was=$(sed 's/.*\[\(.*\)\].*/\1/' $thp/enabled 2>/dev/null || echo none)
		set_huge 4 always 1
	fi
	start states
	check_all
	stop states
	check_migration migrating base
	check_migration migrating-thp thp
	echo "1..$results"
}

main "$@"
