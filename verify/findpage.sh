#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Does findpage tell the truth, quickly, and change nothing it looks at?
set -euo pipefail

usage()
{
	cat <<-EOF
	usage: findpage.sh [--tree DIR | --page-types FILE] [--fuzz SECONDS]
	                   [--only PART]

	Builds findpage, lets it look at processes made for the purpose and checks
	what it says: states, privilege, objects, endless, diff, unchanged, moving,
	lease, input, formats, output, man, speed, bench, fuzz (--only runs one, the
	word alone).
	--tree is a kernel tree whose tools/mm/page-types findpage is compared with,
	--page-types is that program built. Without them, and without --fuzz, these
	parts are left out. All is more telling as root. Other kernels and machines
	are for "verify/guests findpage-states".

	Exit status: 0 all is right, 1 not, 2 wrong usage or a tool is missing.
	EOF
}

die()
{
	echo "findpage.sh: $*" >&2
	exit 2
}

tree='' page_types='' fuzz='' only=''
while (($#)); do
	case $1 in
	--tree) tree=${2:?} ;;
	--page-types) page_types=${2:?} ;;
	--fuzz) fuzz=${2:?} ;;
	--only) only=${2:?} ;;
	-h|--help) usage; exit ;;
	*) die "unknown option: $1 (try --help)" ;;
	esac
	shift 2 || die "$1 needs an argument"
done

top=$(cd "$(dirname "$0")/.." && pwd)
"$top/verify/debs" install gcc libc6-dev make python3 util-linux bsdutils mandoc strace \
	${fuzz:+clang libclang-rt-dev}
scratch=$(mktemp -d)
export TMPDIR=$scratch
failures=0 checks=0 part=build
pids=()

cleanup()
{
	local pid

	[[ -z $part ]] || not_ok "$part: broke off, and with it all that comes after"
	for pid in "${pids[@]}"; do
		kill -PIPE "$pid" 2>/dev/null || continue	# it has ended
	done
	wait
	rm -rf "$scratch"
}
trap cleanup EXIT

ok()
{
	checks=$((checks + 1))
	echo "ok $*"
}

not_ok()
{
	checks=$((checks + 1)) failures=$((failures + 1))
	echo "not ok $*"
}

# is WHAT WANTED GOT
is()
{
	if [[ $2 == "$3" ]]; then
		ok "$1"
	else
		not_ok "$1: expected '$2', got '$3'"
	fi
}

flags=(-std=gnu11 -O2 -Wall -Wextra -Wshadow -D_GNU_SOURCE= -D_FILE_OFFSET_BITS=64)

# build DIR: puts findpage and the driver there
build()
{
	"${CC:-cc}" "${flags[@]}" -g -o "$1/findpage" "$top/findpage.c" "$top"/show/*.c \
		"$top"/observe/*.c
	"${CC:-cc}" "${flags[@]}" -g -o "$1/driver" "$top/verify/findpage-driver.c" \
		"$top"/act/*.c "$top"/borrow/*.c "$top"/observe/*.c
	chmod 755 "$1" "$1/findpage" "$1/driver"
}

findpage=$scratch/findpage

# Drivers are killed by SIGPIPE: of that alone bash does not talk.

# start NAME COMMAND...: runs it with a pipe to its input; $pid, its output in
# $scratch/NAME, its input in ${input}
start()
{
	local name=$1 tries
	shift

	rm -f "$scratch/$name.in"
	mkfifo "$scratch/$name.in"
	chmod 666 "$scratch/$name.in"
	: >"$scratch/$name"
	"$@" <"$scratch/$name.in" >"$scratch/$name" &
	pid=$!
	pids+=("$pid")
	exec {input}>"$scratch/$name.in"
	for ((tries = 0; tries < 1200; tries++)); do
		! grep -qx ready "$scratch/$name" || return 0
		kill -0 "$pid" 2>/dev/null || break
		sleep 0.05
	done
	die "the driver did not get ready ($name)"
}

stop()
{
	exec {input}>&-
	wait "$pid" || die "the driver failed"
}

field()
{
	sed -n "s/^$1  *//p"
}

# --------------------------------------------------------------------- states

# states_are_told WHO COMMAND...: findpage-states.sh as a user, its results with ours
states_are_told()
{
	local who=$1 line
	shift

	cp "$top/verify/findpage-states.sh" "$scratch/"
	"$@" "$scratch/findpage-states.sh" "$scratch" >"$scratch/told" || :
	while read -r line; do
		case $line in
		*'# SKIP '*) echo "skip $who ${line#ok * }" ;;
		'ok '*) ok "$who ${line#ok * }" ;;
		'not ok '*) not_ok "$who ${line#not ok * }" ;;
		*) echo "$line" ;;
		esac
	done <"$scratch/told"
	is "$who: all were asked" "1..$(grep -c '^ok \|^not ok ' "$scratch/told")" "$(tail -n 1 "$scratch/told")"
}

part_states()
{
	states_are_told states sh
	start states "$scratch/driver" states
	totals_agree
	stop
}

# what smaps has against what findpage counts, mapping by mapping
totals_agree()
{
	"$findpage" --json "$pid" >"$scratch/json"
	cp "/proc/$pid/smaps" "$scratch/smaps"
	if python3 - "$scratch/json" "$scratch/smaps" <<-'EOF'
		import json, re, sys
		doc = json.load(open(sys.argv[1]))
		want, now = {}, None
		for line in open(sys.argv[2]):
		    head = re.match(r'([0-9a-f]+)-([0-9a-f]+) ', line)
		    if head:
		        now = want.setdefault(int(head[1], 16), {})
		    else:
		        name, _, rest = line.partition(':')
		        if rest.strip().endswith('kB'):
		            now[name] = int(rest.split()[0]) * 1024
		size, wrong, seen = doc['page_size'], 0, 0
		sums = dict(rss=0, anonymous=0, swap=0)
		for vma in doc['mappings']:
		    there = want[int(vma['start'], 16)]
		    rows = vma['pages']
		    present = sum(r['pages'] for r in rows if r['present'] and r['state'] != 'zero'
		                  and (r['state'] != 'special' or there['Rss']))
		    swap = sum(r['pages'] for r in rows if not r['present'] and
		               (r['state'] in ('swapped', 'swap_cache') or
		                r['state'] == 'marker' and 'swap' in r.get('object', '')))
		    for what, pages in ('Rss', present), ('Swap', swap):
		        seen += 1
		        if there[what] != pages * size:
		            wrong += 1
		            print(vma['start'], vma['name'], what, there[what], pages * size)
		    for key, what in ('rss', 'Rss'), ('anonymous', 'Anonymous'), ('swap', 'Swap'):
		        sums[key] += there[what]
		for key in sums:
		    seen += 1
		    if sums[key] != doc['totals'][key]:
		        wrong += 1
		        print(key, sums[key], doc['totals'][key])
		sys.exit(wrong != 0 or seen < 20)
		EOF
	then
		ok "totals agree with smaps"
	else
		not_ok "totals agree with smaps"
	fi
}

# ------------------------------------------------------------------ privilege

nobody=(setpriv --reuid 65534 --regid 65534 --clear-groups --inh-caps=-all --bounding-set=-all)

part_privilege()
{
	local label addr got

	if ((EUID)) || ! command -v setpriv >/dev/null; then
		echo "skip privilege: needs root and setpriv"
		return
	fi
	chmod 777 "$scratch"
	# where swap is on, which an ordinary user cannot see to, there is more to mistake
	start swap "$scratch/driver" states
	states_are_told unprivileged "${nobody[@]}" sh
	stop
	start nobody "${nobody[@]}" "$scratch/driver" states noswap
	while read -r label addr _; do
		[[ $label != ready && $addr != - ]] || continue
		got=$("${nobody[@]}" "$findpage" "$pid" "$addr")
		is "no PFN of $label" "" "$(field pfn <<<"$got")"
	done <"$scratch/nobody"
	got=$("${nobody[@]}" "$findpage" --json "$pid")
	is "unprivileged JSON says so" "False None" "$(python3 -c '
import json, sys
doc = json.load(sys.stdin)
rows = [r for m in doc["mappings"] for r in m["pages"] if r["present"]]
print(doc["known"]["frames"], *{r["mapcount"] for r in rows})' <<<"$got")"
	is "somebody else's process" 2 "$("${nobody[@]}" "$findpage" $$ >/dev/null 2>&1; echo $?)"
	stop
}

# -------------------------------------------------------------------- objects

# Files whose sizes and holes are all that there are within their last pages, on
# every file system that can be had: what findpage says, against what is known of
# them; also as a kernel before 6.5 would have it.
part_objects()
{
	local where name why old

	for where in memfd /dev/shm "$scratch" ext4 xfs btrfs overlay no-ext4 no-btrfs no-overlay; do
		start objects "$scratch/driver" objects "$where"
		read -r name why <"$scratch/objects"
		if [[ $name == - ]]; then
			echo "skip objects on $(name_of "$where"): $why"
			stop
			continue
		fi
		for old in "" "$scratch/driver old"; do
			# shellcheck disable=SC2086 # it is two words or none
			why=$(objects_are_told "$where" $old "$findpage" 2>&1) || why=${why:-failed}
			is "objects on $(name_of "$where")${old:+, as before 6.5}" "" "$why"
		done
		stop
	done
}

name_of()
{
	[[ $1 == "$scratch" ]] && echo here || echo "${1##*/}"
}

# objects_are_told WHERE FINDPAGE...: what is wrong
objects_are_told()
{
	python3 - "$scratch/objects" "$pid" "$@" <<-'EOF'
		import json, subprocess, sys
		pid, not_seen, findpage = sys.argv[2], sys.argv[3].startswith('no-'), sys.argv[4:]
		means = {
		    'm': lambda r: r['present'] and r['state'] in ('file', 'shmem'),
		    'c': lambda r: r['state'] == 'cached',
		    's': lambda r: r['state'] in ('swapped', 'swap_cache'),
		    'h': lambda r: r['state'] == 'none' and r['object'] == 'a hole',
		    'n': lambda r: r['state'] == 'none' and r['object'] == 'not in memory',
		    'b': lambda r: r['state'] == 'none' and r['object'] == 'past its end',
		}
		def run(*args):
		    try:
		        done = subprocess.run(findpage + list(args), capture_output=True, timeout=20)
		    except subprocess.TimeoutExpired:
		        sys.exit('findpage %s does not end' % ' '.join(args))
		    if done.returncode or done.stderr:
		        sys.exit('findpage %s: exit status %d: %s' % (
		                 ' '.join(args), done.returncode, done.stderr.decode().strip()))
		    return done.stdout
		def told(args):
		    return {m['start']: m for m in json.loads(run('--json', *args))['mappings']}
		if not_seen:
		    means['c'] = means['n'] = means['b'] = lambda r: r['state'] == 'unknown'
		lines = [line.split() for line in open(sys.argv[1]) if '-' in line]
		there = told([pid])
		size = json.loads(run('--json', pid, lines[0][0]))['page_size']
		for i, (where, letters, *what) in enumerate(lines):
		    start = '0x' + where.split('-')[0]
		    rows = there[start]['pages']
		    # some of them alone, too, and the last page of each in full
		    if i % 16 == 0 and told([pid, where])[start]['pages'] != rows:
		        sys.exit('%s %s: alone it is another' % (where, what))
		    at = int(start, 16)
		    for row in rows:
		        if int(row['start'], 16) != at or row['pages'] < 1:
		            sys.exit('%s %s: a gap before %s' % (where, what, row['start']))
		        for page in range(row['pages']):
		            letter = letters[(at - int(start, 16)) // size]
		            at += size
		            if not means[letter](row):
		                sys.exit('%s %s: page %d is not %s: %s' % (
		                         where, what, (at - int(start, 16)) // size, letter, row))
		    if at != int(where.split('-')[1], 16):
		        sys.exit('%s %s: ends at %x' % (where, what, at))
		    if i % 16 == 0:
		        one = json.loads(run('--json', pid, '%x' % (at - size)))['page']
		        if not means[letters[-1]](one):
		            sys.exit('%s %s: the last page is not %s: %s' % (
		                     where, what, letters[-1], one))
		if len(lines) < 500 or not all(any(c in l[1] for l in lines) for c in 'mcb'):
		    sys.exit('%d mappings, of which none is mapped, cached or too long' % len(lines))
		for style in [], ['--map'], ['--diff', pid, '--', 'true']:
		    run(*(style if pid in style else style + [pid]))
	EOF
}

# Walkers that hand out nothing and go on, by an object or a kernel that tells them
# so: findpage ends, and says why.
part_endless()
{
	local fault status sources=("$top/findpage.c" "$top"/show/*.c)

	cat >"$scratch/endless.c" <<-'EOF'
		#include "observe/walk.h"

		enum backing no_backing(struct object *object, uint64_t offset, uint64_t len,
					uint64_t *same)
		{
			(void)object;
			(void)offset;
			(void)len;
			*same = 0;
			return BACKING_CACHED;
		}

		int no_regions(int fd, unsigned long request, struct pm_scan_arg *arg)
		{
			(void)fd;
			(void)request;
			for (size_t i = 0; i < arg->vec_len; i++)
				((struct page_region *)(uintptr_t)arg->vec)[i] = (struct page_region){
					arg->start, arg->start, PAGE_IS_PRESENT
				};
			return (int)arg->vec_len;
		}
	EOF
	start endless "$scratch/driver" states noswap
	for fault in backing_next=no_backing ioctl=no_regions; do
		"${CC:-cc}" "${flags[@]}" -D"$fault" -c -o "$scratch/walk.o" "$top/observe/walk.c"
		# shellcheck disable=SC2046 # no name has blanks
		"${CC:-cc}" "${flags[@]}" -I"$top" -o "$scratch/endless" "$scratch/endless.c" \
			"${sources[@]}" "$scratch/walk.o" \
			$(printf '%s\n' "$top"/observe/*.c | grep -v /walk.c)
		status=0
		timeout 20 "$scratch/endless" "$pid" >"$scratch/out" 2>"$scratch/err" || status=$?
		is "a walk that would not end: ${fault%=*}" "2 1 1" \
			"$status $(wc -l <"$scratch/err") $(grep -c 'would never end' "$scratch/err")"
	done
	stop
}

# ----------------------------------------------------------------- unchanged

# what there is to see of the process without findpage
picture()
{
	"$scratch/driver" entries "$pid"
	grep -v '^Pss\|^Referenced' "/proc/$pid/smaps"
	# minor and major faults, of it and of its children
	sed 's/.*) //' "/proc/$pid/stat" | cut -d' ' -f8-11
}

part_unchanged()
{
	local i mode

	((EUID == 0)) || { echo "skip unchanged: needs root"; return; }
	start unchanged "$scratch/driver" states
	picture >"$scratch/before"
	for ((i = 0; i < 5; i++)); do
		for mode in --json --map; do
			"$findpage" "$mode" "$pid" >/dev/null
		done
		"$findpage" "$pid" >/dev/null
		while read -r _ addr _; do
			[[ $addr =~ ^[0-9a-f]{4,}$ ]] || continue
			"$findpage" "$pid" "$addr" >/dev/null
		done <"$scratch/unchanged"
	done
	picture >"$scratch/after"
	if cmp -s "$scratch/before" "$scratch/after"; then
		ok "looking changes nothing ($(wc -l <"$scratch/before") lines of pagemap, smaps, faults)"
	else
		not_ok "looking changes nothing: $(diff "$scratch/before" "$scratch/after" | head -4)"
	fi
	is "it was never stopped" 0 "$(grep -c 'State:.*stopped' "/proc/$pid/status")"
	stop
}

# ---------------------------------------------------------------------- diff

# step WORD: has the driver do it, and findpage say what that changed
step()
{
	# shellcheck disable=SC2016 # the other shell expands it
	"$findpage" --diff "$pid" "$range" -- "$BASH" -c 'echo "$1" >&"$2"
		until (($(grep -c done "$3") == $4)); do sleep 0.01; done' \
		step "$1" "$input" "$scratch/steps" "$2"
}

part_diff()
{
	local range got

	((EUID == 0)) || { echo "skip diff: needs root"; return; }
	start steps "$scratch/driver" steps
	range=$(head -n 1 "$scratch/steps")
	got=$(step fork 1)
	is "diff of fork" "8 pages  mapcount 1 -> 2, exclusive lost, same PFN" \
		"$(sed -n 's/^[^ ]*  *\([0-9]* page.*\)/\1/p' <<<"$got" | head -n 1)"
	got=$(step write 2)
	is "diff of a write after fork" "4 pages  mapcount 2 -> 1, exclusive gained, another PFN" \
		"$(sed -n 's/^[^ ]*  *\([0-9]* page.*\)/\1/p' <<<"$got" | head -n 1)"
	got=$(step exit 3)
	is "diff of the child's exit" "4 pages  mapcount 2 -> 1, exclusive gained, same PFN" \
		"$(sed -n 's/^[^ ]*  *\([0-9]* page.*\)/\1/p' <<<"$got" | head -n 1)"
	got=$(step unmap 4)
	is "diff of munmap" "1 page   unmapped, anonymous" \
		"$(sed -n 's/^[^ ]*  *\([0-9]* page.*\)/\1/p' <<<"$got" | head -n 1)"
	is "diff of nothing" "0 pages have changed" "$("$findpage" --diff "$pid" "$range" -- true)"
	is "diff as JSON" 0 "$("$findpage" --diff --json "$pid" "$range" -- true |
		python3 -c 'import json, sys; print(json.load(sys.stdin)["changed_pages"])')"
	diff_status 0 "a command that succeeds" true
	diff_status 1 "a command that fails" false
	diff_status 7 "a command that fails in its way" sh -c 'exit 7'
	diff_status 127 "a command that exits with 127 itself" sh -c 'exit 127'
	# shellcheck disable=SC2016 # the other shell expands it
	diff_status 137 "a command that is killed" sh -c 'kill -KILL $$'
	(trap '' CHLD; "$findpage" --diff "$pid" "$range" -- false >/dev/null) && got=0 || got=$?
	is "the same of a child that nobody was to wait for" 1 "$got"
	diff_not_run 127 "a command that is not there" /no/such/command
	diff_not_run 126 "a command that may not be run" /etc/passwd
	is "exec in between" 1 "$("$findpage" --diff "$pid" -- "$BASH" -c \
		"echo exec >&$input; until grep -qx sleep /proc/$pid/comm; do sleep 0.01; done; exit 7" \
		>"$scratch/exec"; echo $?)"
	is "exec is told" 1 "$(grep -c 'has run another program' "$scratch/exec")"
	exec {input}>&-
	kill -PIPE "$pid"
	watch_exec
}

# diff_status WANTED WHAT COMMAND...: it is that of the command, and all is told
diff_status()
{
	local want=$1 what=$2 status=0
	shift 2

	"$findpage" --diff "$pid" "$range" -- "$@" >"$scratch/out" 2>"$scratch/err" || status=$?
	is "exit status of $what" "$want 1 0" \
		"$status $(grep -c 'pages have changed' "$scratch/out") $(wc -l <"$scratch/err")"
}

# diff_not_run WANTED WHAT COMMAND...: one line says so, and nothing is compared
diff_not_run()
{
	local want=$1 what=$2 status=0
	shift 2

	"$findpage" --diff "$pid" "$range" -- "$@" >"$scratch/out" 2>"$scratch/err" || status=$?
	is "$what" "$want 0 1 1" "$status $(wc -c <"$scratch/out") $(wc -l <"$scratch/err") $(
		grep -c "cannot run $1: " "$scratch/err")"
}

# what is watched becomes another program: a line says so, once
watch_exec()
{
	local watcher tries

	start watched "$scratch/driver" steps
	"$findpage" --watch 0.02 "$pid" >"$scratch/watch" 2>"$scratch/err" &
	watcher=$!
	pids+=("$watcher")
	await_line '^total'
	echo exec >&"$input"
	await_line 'has run another program, which is'
	await_line ' [^ ]*/sleep$\|/coreutils$'
	exec {input}>&-
	kill -PIPE "$pid"
	wait "$watcher" && tries=0 || tries=$?
	is "watch over an exec" "1 1" \
		"$tries $(grep -c 'has run another program, which is' "$scratch/watch")"
}

# await_line PATTERN: until the watcher has written it, 10 s at most; who waits judges
await_line()
{
	local tries

	for ((tries = 0; tries < 500; tries++)); do
		! grep -q "$1" "$scratch/watch" || return 0
		sleep 0.02
	done
}

# ------------------------------------------------------ a target that moves on

# never a crash (128 and more) or a hang (timeout's 124), and always a document
part_moving()
{
	local i status bad=0 changed=0 deadline=$((SECONDS + 10))

	start busy "$scratch/driver" busy
	exec {input}>&-
	for ((i = 0; i < 400 && SECONDS < deadline; i++)); do
		status=0
		timeout 20 "$findpage" --json "$pid" >"$scratch/json" || status=$?
		((status < 2)) && python3 -m json.tool <"$scratch/json" >/dev/null || bad=$((bad + 1))
		changed=$((changed + $(grep -c '"changed": \[{' "$scratch/json" || :)))
	done
	kill -PIPE "$pid"
	is "a process that maps, forks and unmaps ($i looks, $changed saw it)" 0 $bad
	moving_exit
}

# ends, or becomes another program, at a random moment of the look
moving_exit()
{
	local i status bad=0 told=0 blow

	for ((i = 0; i < 60; i++)); do
		blow=(kill -PIPE)
		((i % 2)) || blow=(step_exec)
		start short "$scratch/driver" steps
		(sleep "0.00$((RANDOM % 10))"; "${blow[@]}" "$pid") &
		status=0
		timeout 20 "$findpage" "$pid" >"$scratch/out" 2>&1 || status=$?
		((status <= 2)) || bad=$((bad + 1))
		! grep -q 'another program\|has exited\|no such process\|just exited' "$scratch/out" ||
			told=$((told + 1))
		wait $!
		exec {input}>&-
		kill -PIPE "$pid" 2>/dev/null || :	# unless it is gone already
	done
	is "a process that exits or execs while looked at ($told of $i told)" 0 $bad
}

step_exec()
{
	echo exec >&"$input"
}

# --------------------------------------------------------------------- lease

# The target has a lease on the file that it maps, and says when somebody breaks it.
part_lease()
{
	local dir type

	cat >"$scratch/lease.py" <<-'EOF'
		import fcntl, mmap, os, signal, sys, tempfile
		signal.signal(signal.SIGPIPE, signal.SIG_DFL)
		signal.signal(signal.SIGIO, lambda *_: print('broken', flush=True))
		kind = getattr(fcntl, 'F_' + sys.argv[2])
		file = tempfile.TemporaryFile(dir=sys.argv[1])
		file.write(bytes(20000))
		file.flush()
		fd = file.fileno()
		if kind == fcntl.F_RDLCK:
		    fd = os.open('/proc/self/fd/%d' % fd, os.O_RDONLY)
		    file.close()
		there = mmap.mmap(fd, 20000, prot=mmap.PROT_READ)
		try:
		    fcntl.fcntl(fd, fcntl.F_SETLEASE, kind)
		except OSError as error:
		    print('-', error)
		inode = ' %d ' % os.fstat(fd).st_ino
		print([line.split()[0] for line in open('/proc/self/maps') if inode in line][0])
		print('ready', flush=True)
		while os.read(0, 1):
		    pass
	EOF
	for dir in "$scratch" /dev/shm; do
		for type in WRLCK RDLCK; do
			start lease python3 "$scratch/lease.py" "$dir" $type
			lease_is_kept "$(name_of "$dir")" $type
			stop
		done
	done
}

lease_is_kept()
{
	local range got status=0

	if grep -q '^- ' "$scratch/lease"; then
		echo "skip a lease on $1: $(sed -n 's/^- //p' "$scratch/lease")"
		return
	fi
	range=$(grep -m 1 '^[0-9a-f]*-' "$scratch/lease")
	"$findpage" "$pid" >/dev/null
	got=$("$findpage" "$pid" "$range") || status=$?
	is "a lease ($2, $1) is not broken" "0 0" "$status $(grep -c broken "$scratch/lease")"
	if [[ $2 == WRLCK ]]; then
		is "what is leased ($1) is unknown" "5 unknown" \
			"$(awk '/^  / { print $2, $3 }' <<<"$got")"
		is "a lease ($1) is what keeps findpage" "1 0" \
			"$("$findpage" "$pid" "${range%-*}" | tee "$scratch/out" | grep -c ' lease that ') $(
			grep -c CAP_ "$scratch/out")"
	elif ((!EUID)); then
		is "a lease to read ($1) keeps nobody" "5 cached," \
			"$(awk '/^  / { print $2, $3 }' <<<"$got")"
	fi
}

# --------------------------------------------------------------------- input

# bad WHAT ARGUMENT...: one line on standard error, nothing else, exit 2
bad()
{
	local what=$1 status=0
	shift

	timeout 20 "$findpage" "$@" >"$scratch/out" 2>"$scratch/err" || status=$?
	is "input: $what" "2 0 1" "$status $(wc -c <"$scratch/out") $(wc -l <"$scratch/err")"
}

part_input()
{
	local page

	page=$(getconf PAGESIZE)
	start input "$scratch/driver" steps
	bad "nothing"
	bad "no number" abc
	bad "pid 0" 0
	bad "a negative pid" -- -5
	bad "a huge pid" 99999999999999999999
	bad "a pid beyond int" 4294967296
	bad "no such process" 2147483647
	bad "an empty pid" ''
	bad "a pid with a newline" $'12\n3'
	# one that has no parent but 0, and no memory
	if grep -qsx $'PPid:\t0' /proc/2/status && ! grep -qs '^VmSize' /proc/2/status; then
		bad "a kernel thread" 2
	else
		echo "skip input: no kernel thread in sight"
	fi
	bad "an empty address" "$pid" ''
	bad "an address beyond 64 bits" "$pid" 10000000000000000
	bad "an address outside of the address space" "$pid" fffffffffffff000
	bad "an address that is not mapped" "$pid" 0
	bad "a reversed range" "$pid" 2000-1000
	bad "an empty range" "$pid" 1000-1000
	bad "an odd range" "$pid" "1-$(printf %x "$page")"
	bad "a range that ends oddly" "$pid" "0-$(printf %x $((page + 1)))"
	bad "a range outside of the address space" "$pid" "0-fffffffffffff000"
	bad "a huge range" "$pid" 0-ffffffffffffffff0
	bad "a range with nothing in it" "$pid" "0-$(printf %x "$page")"
	bad "a name that is not there" "$pid" '[no such]'
	bad "a name with a newline" "$pid" $'/tmp/a\nb'
	bad "a name with spaces" "$pid" "/tmp/a b c"
	bad "too much" "$pid" 1000 2000
	bad "an unknown option" --no-such-option "$pid"
	bad "two formats" --json --map "$pid"
	bad "watch without a number" --watch
	bad "watch with a bad number" --watch soon "$pid"
	bad "watch with a negative number" --watch=-1 "$pid"
	bad "watch and JSON" --watch 1 --json "$pid"
	bad "a command without --diff" "$pid" -- true
	bad "no command" --diff "$pid" --
	input_zombie
	stop
	input_names
}

input_zombie()
{
	local zombie tries

	sleep 0 &
	zombie=$!
	# a child nobody has waited for: bash waits only when told to
	for ((tries = 0; tries < 100; tries++)); do
		[[ -e /proc/$zombie/stat ]] || break
		if grep -q '^State:.Z' "/proc/$zombie/status" 2>/dev/null; then
			bad "a zombie" "$zombie"
			return
		fi
		sleep 0.01
	done
	bad "a process that is gone" "$zombie"
}

# names that maps has to escape
input_names()
{
	local name=$scratch/$'a file\nwith "strange"\t\x01 name \xff'

	head -c 65536 /dev/zero >"$name"
	python3 - "$name" <<-'EOF' &
		import mmap, os, sys, time
		fd = os.open(os.fsencode(sys.argv[1]), os.O_RDWR)
		m = mmap.mmap(fd, 65536)
		m[0] = 1
		time.sleep(60)
		EOF
	pid=$!
	pids+=("$pid")
	until grep -q 'a file' "/proc/$pid/maps"; do sleep 0.02; done
	is "a strange name" 0 "$("$findpage" "$pid" "$name" >"$scratch/out"; echo $?)"
	is "its base name" 0 "$("$findpage" "$pid" "${name##*/}" >/dev/null; echo $?)"
	is "a strange name stays on its line" 1 "$(grep -c 'a file' "$scratch/out")"
	is "a strange name in JSON" 0 "$("$findpage" --json "$pid" "$name" |
		python3 -c 'import json, sys; json.load(sys.stdin)'; echo $?)"
	kill -PIPE "$pid"
}

# ------------------------------------------------------------------- formats

part_formats()
{
	local range got

	start formats "$scratch/driver" steps
	range=$(head -n 1 "$scratch/formats")
	got=$("$findpage" --map "$pid" "$range")
	is "a picture" AAAAAAAA "$(awk 'NR == 2 { print $2 }' <<<"$got")"
	is "its legend" 1 "$(grep -c '^A anonymous' <<<"$got")"
	if command -v script >/dev/null; then
		got=$(script -qec "$findpage --map $pid $range" /dev/null)
		is "colour on a terminal" 1 "$(grep -c $'\033\\[1;32mAAAAAAAA' <<<"$got")"
		got=$(NO_COLOR=1 script -qec "$findpage --map $pid $range" /dev/null)
		is "no colour with NO_COLOR" 0 "$(grep -c $'\033' <<<"$got")"
	fi
	is "no colour in a file" 0 "$("$findpage" --map "$pid" | grep -c $'\033')"
	got=$(timeout 1 "$findpage" --watch 0.1 "$pid" "$range" || :)
	if (($(grep -c ^total <<<"$got") > 3)); then
		ok "watch looks again"
	else
		not_ok "watch looks again: $got"
	fi
	is "one page as JSON" anonymous "$("$findpage" --json "$pid" "${range%-*}" |
		python3 -c 'import json, sys; print(json.load(sys.stdin)["page"]["state"])')"
	is "an address within the page" "$("$findpage" "$pid" "${range%-*}" | field state)" \
		"$("$findpage" "$pid" "0x${range%???-*}a08" | field state)"
	stop
}

# Results that are lost are a failure, told in one line that blames the output.
part_output()
{
	local range addr

	start output "$scratch/driver" steps
	range=$(head -n 1 "$scratch/output") addr=${range%-*}
	lost "a look" "$pid"
	lost "a short look" "$pid" "$range"
	lost "a page" "$pid" "$addr"
	lost "a picture" --map "$pid"
	lost "a picture of a page" --map "$pid" "$addr"
	lost "JSON" --json "$pid"
	lost "JSON of a page" --json "$pid" "$addr"
	lost "watch" --watch 0.05 "$pid"
	lost "diff" --diff "$pid" "$range" -- true
	lost "diff as JSON" --diff --json "$pid" -- false
	lost "help" --help
	stop
}

# lost WHAT ARGUMENT...
lost()
{
	local what=$1 status=0
	shift

	timeout 20 "$findpage" "$@" >/dev/full 2>"$scratch/err" || status=$?
	is "a full disk: $what" "2 findpage: cannot write: No space left on device" \
		"$status $(cat "$scratch/err")"
	status=0
	timeout 20 "$findpage" "$@" >&- 2>"$scratch/err" || status=$?
	is "closed output: $what" "2 findpage: cannot write: standard output is closed" \
		"$status $(cat "$scratch/err")"
}

part_man()
{
	command -v mandoc >/dev/null || { echo "skip man: no mandoc"; return; }
	# what other manuals are installed here is none of its business
	is "mandoc -T lint" "" "$(mandoc -T lint "$top/findpage.1" 2>&1 |
		sed '/mandoc.db lacks/d; /referenced manual not found/d')"
}

# --------------------------------------------------------------------- speed

part_speed()
{
	local range ms cpu rss

	if [[ $(getconf LONG_BIT) != 64 ]]; then
		echo "skip speed: no room for 16 TiB"
		return
	fi
	start sparse "$scratch/driver" fill $((16 << 40)) sparse
	range=$(head -n 1 "$scratch/sparse")
	is "1,000 pages of 16 TiB" 1000 "$("$findpage" --json "$pid" "$range" |
		python3 -c 'import json, sys; print(json.load(sys.stdin)["totals"]["states"]["anonymous"])')"
	read -r ms cpu rss < <("$scratch/driver" best "$findpage" "$pid" "$range")
	if awk -v ms="$ms" 'BEGIN { exit !(ms < 50) }'; then
		ok "16 TiB with 1,000 pages in $ms ms (less than 50), $cpu ms of CPU, $rss kB"
	else
		not_ok "16 TiB with 1,000 pages in $ms ms, not less than 50, $cpu ms of CPU"
	fi
	stop
}

part_bench()
{
	local range ms cpu rss other other_cpu other_rss start end calls page

	if [[ -n $tree ]]; then
		# it builds in its tree only, which is not to be touched
		mkdir -p "$scratch/tree/tools" "$scratch/tree/include"
		cp -r "$tree"/tools/{mm,lib,include,build,scripts,arch} "$scratch/tree/tools"
		cp -r "$tree/include/uapi" "$scratch/tree/include"
		cp -r "$tree/scripts" "$scratch/tree"
		make -s -C "$scratch/tree/tools/mm" page-types >"$scratch/log" 2>&1 ||
			die "page-types does not build: $(tail -n 1 "$scratch/log")"
		page_types=$scratch/tree/tools/mm/page-types
	fi
	[[ -n $page_types ]] || { echo "skip bench: neither --tree nor --page-types"; return; }
	page=$(getconf PAGESIZE)
	for kind in private shared; do
		start bench "$scratch/driver" fill $((4 << 30)) $kind
		range=$(head -n 1 "$scratch/bench")
		start=$((0x${range%-*} / page)) end=$((0x${range#*-} / page))
		read -r ms cpu rss < <("$scratch/driver" best "$findpage" "$pid" "$range")
		read -r other other_cpu other_rss < <("$scratch/driver" best "$page_types" -p "$pid" -a "$start,$end")
		awk -v a="$ms" -v b="$other" -v k=$kind -v ac="$cpu" -v bc="$other_cpu" \
			-v ar="$rss" -v br="$other_rss" 'BEGIN {
			printf "bench: 4 GiB %s: findpage %s ms (CPU %s), %d kB;", k, a, ac, ar
			printf " page-types %s ms (CPU %s), %d kB;", b, bc, br
			printf " ratio %.2f (CPU %.2f)\n", a / b, ac / bc }'
		if awk -v a="$ms" -v b="$other" -v r="$rss" 'BEGIN { exit !(a <= b && r < 16384) }'; then
			ok "4 GiB $kind: as fast as page-types, less than 16 MiB"
		else
			not_ok "4 GiB $kind: as fast as page-types, less than 16 MiB"
		fi
		stop
	done
	bench_extents
}

# shared memory that is not mapped: one extent of data, and one hole for each page
bench_extents()
{
	local how calls=() what

	command -v strace >/dev/null || { echo "skip extents: no strace"; return; }
	for how in away holes; do
		start bench "$scratch/driver" fill $((1 << 24)) $how
		what=$("$findpage" "$pid" "$(head -n 1 "$scratch/bench")" | sed -n 's/^total: //p')
		calls+=("$(strace -e trace=lseek "$findpage" "$pid" "$(head -n 1 "$scratch/bench")" \
			2>&1 >/dev/null | grep -c 'SEEK_DATA\|SEEK_HOLE')")
		echo "bench: ${calls[-1]} lseek for $what"
		stop
	done
	# and one to begin with
	is "one lseek an extent" "2 $(((1 << 24) / $(getconf PAGESIZE) + 1))" "${calls[*]}"
}

part_fuzz()
{
	[[ -n $fuzz ]] || { echo "skip fuzz: no --fuzz"; return; }
	command -v clang >/dev/null || { echo "skip fuzz: no clang"; return; }
	clang "${flags[@]}" -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all \
		-o "$scratch/fuzz" "$top/verify/fuzz-findpage.c" "$top/show/request.c" \
		"$top/observe/maps.c"
	mkdir "$scratch/corpus"
	if "$scratch/fuzz" -max_total_time="$fuzz" -max_len=4096 -print_final_stats=1 \
		-artifact_prefix="$scratch/" "$scratch/corpus" >"$scratch/log" 2>&1; then
		ok "fuzz: $(awk '/number_of_executed_units/ { print $2 }' "$scratch/log") inputs in $fuzz s"
	else
		not_ok "fuzz: $(grep -m 1 'ERROR\|runtime error' "$scratch/log")"
	fi
}

build "$scratch"
for part in states privilege objects endless diff unchanged moving lease input formats output man \
	speed bench fuzz; do
	[[ -n $only && $only != "$part" ]] || "part_$part"
done
part=
echo "findpage.sh: $((checks - failures)) of $checks checks are right"
((failures == 0))
