# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What the commands in this directory share: messages, the cache, installing
# packages, and getting kernels and kernel sources out of Debian packages
# without touching the system's own package state. Source it from bash with
# "set -euo pipefail" in force:
#
#	. "${BASH_SOURCE[0]%/*}/lib.sh"
#
# Everything kept lies under ${ANONMEM_CACHE:-${XDG_CACHE_HOME:-~/.cache}/anonmem}
# and is a plain directory that appears there whole or not at all (filled under
# another name, then renamed) and carries a stamp: how many files of how many
# bytes it was, checked before each use. What is damaged is fetched again. What
# is whole is used again without asking the network; set ANONMEM_REFRESH=1 to
# look for newer packages.

die()
{
	printf '%s: %s\n' "${0##*/}" "$*" >&2
	exit 2
}

# progress, for people, even where errors are being collected
say()
{
	printf '%s: %s\n' "${0##*/}" "$*" >&"${say_to:-2}"
}

# seconds since $1, a value of $EPOCHREALTIME, with one decimal
elapsed()
{
	awk -v a="$1" -v b="$EPOCHREALTIME" 'BEGIN { printf "%.1f", b - a }'
}

# quote the arguments for any POSIX shell
quoted()
{
	local arg out=

	for arg; do
		out+=" '${arg//\'/\'\\\'\'}'"
	done
	printf '%s' "${out# }"
}

# the suite's programs, a line each: where they are made is where they are named
programs()
{
	sed -n ':join; /\\$/ { N; s/\\\n//; b join }; s/^TEST_GEN_PROGS := //p' \
		"${BASH_SOURCE[0]%/*}/../Makefile" | tr -s '[:blank:]' '\n'
}

# a short name for a list: what was made by an older one is not taken for new
short_sum()
{
	cksum <<<"$1" | cut -d' ' -f1
}

cache_dir()
{
	local dir=${ANONMEM_CACHE:-${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/anonmem}

	mkdir -p "$dir" 2>/dev/null || die "cannot create the cache directory $dir"
	[[ -w $dir ]] || die "the cache directory $dir is not writable"
	(cd "$dir" && pwd)
}

# ---------------------------------------------------------------- directories

# what a cached directory contains, in one line
dir_sum()
{
	find "$1" -type f ! -path "$1/.stamp" -printf '%s\n' |
		awk '{ n++; s += $1 } END { printf "%d files, %.0f bytes\n", n, s }'
}

dir_whole()
{
	local want got

	[[ -f $1/.stamp ]] || return 1
	want=$(<"$1/.stamp")
	got=$(dir_sum "$1")
	[[ $got == "$want" ]] && return 0
	say "${1##*/} in the cache is damaged ($got, was $want)"
	return 1
}

# dir_make DIR COMMAND...: have COMMAND, given an empty directory as its last
# argument, make the contents of DIR, unless DIR is there and whole. A lock
# keeps two runs from doing the same work, and makes what a killed run left
# behind safe to remove.
dir_make()
{
	local dir=$1 new=$1.new lock log err say_to
	shift

	dir_whole "$dir" && return 0
	mkdir -p "${dir%/*}"
	exec {lock}>"$dir.lock"
	flock "$lock"
	if ! dir_whole "$dir"; then
		rm -rf "$new" "$dir"
		mkdir "$new"
		log=$(mktemp)
		exec {say_to}>&2
		# not as a condition: that would switch -e off inside
		set +e
		(set -e; exec {lock}>&-; "$@" "$new") 2>"$log"
		err=$?
		set -e
		exec {say_to}>&-
		say_to=
		if ((err)); then
			rm -rf "$new"
			# of many lines about a full disk, one
			err=$(grep -m 1 -i 'no space left' "$log" || tail -n 1 "$log")
			rm -f "$log"
			die "could not make ${dir##*/}: ${err:-$1 failed}"
		fi
		rm -f "$log"
		dir_sum "$new" >"$new.stamp"
		mv "$new.stamp" "$new/.stamp"
		mv -T "$new" "$dir"
	fi
	exec {lock}>&-
}

# -------------------------------------------------------------------- results

# count_results FILE: "PASSED FAILED SKIPPED" of the last line of an output that
# adds up: "N passed, N failed, N skipped"; what prints TAP instead is counted.
count_results()
{
	awk '
	/^[0-9]+ passed, [0-9]+ failed/ { p = $1; f = $3; s = $5 + 0; said = 1 }
	/^ok / { if (/# SKIP/) ts++; else tp++ }
	/^not ok / { tf++ }
	END {
		if (said)
			print p, f, s
		else
			print tp + 0, tf + 0, ts + 0
	}' "$1"
}

# run_counted NAME COMMAND...: run it, say how it went and what it took, and add its
# results to the caller's passed, failed and skipped. That it broke is a failure
# besides those it had seen by then. Needs a directory, $scratch.
run_counted()
{
	local name=$1 began=$EPOCHREALTIME status=0 p f s
	shift

	echo "=== $name"
	# The status that counts is the command's own, not that of tee.
	"$@" 2>&1 | tee "$scratch/out" || status=${PIPESTATUS[0]}
	read -r p f s < <(count_results "$scratch/out")
	# 1 is for failures, which may be counted
	((status <= 1 && (f || !status))) || f=$((f + 1))
	((p || f || s)) || f=1
	passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
	echo "=== $name: $p passed, $f failed, $s skipped in $(elapsed "$began") s"
}

# ------------------------------------------------------------ system packages

# packages_install PACKAGE...: have them installed on this Debian system
packages_install()
{
	local pkg log missing=()

	for pkg; do
		[[ $(dpkg-query -W -f '${db:Status-Status}' "$pkg" 2>/dev/null) == installed ]] ||
			missing+=("$pkg")
	done
	((${#missing[@]})) || return 0
	((EUID == 0)) || die "not installed: ${missing[*]} (as root: apt-get install ${missing[*]})"

	say "installing ${missing[*]}"
	log=$(mktemp)
	if ! apt_install "${missing[@]}" >"$log" 2>&1 &&
	   ! { apt-get -qq update && apt_install "${missing[@]}"; } >>"$log" 2>&1; then
		tail -n 15 "$log" >&2
		rm -f "$log"
		die "apt-get could not install ${missing[*]}"
	fi
	rm -f "$log"
}

apt_install()
{
	DEBIAN_FRONTEND=noninteractive apt-get -qq -y -o DPkg::Lock::Timeout=300 \
		install --no-install-recommends "$@" </dev/null
}

# ------------------------------------------- other suites, beside the system's

# The system's package sources, one line "URI SUITE COMPONENT..." each, from
# both formats sources.list(5) knows.
apt_sources()
{
	local file

	for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
		[[ -f $file ]] && sed -E 's/#.*//; s/\[[^]]*\]//' "$file" |
			awk '$1 == "deb" && NF >= 3 { $1 = ""; print substr($0, 2) }'
	done
	for file in /etc/apt/sources.list.d/*.sources; do
		[[ -f $file ]] && deb822_sources "$file"
	done
	return 0
}

deb822_sources()
{
	awk '
	function flush(	u, s, i, j, n, m) {
		n = split(field["uris"], u, " ")
		m = split(field["suites"], s, " ")
		if (tolower(field["enabled"]) != "no" && field["types"] ~ /(^| )deb( |$)/)
			for (i = 1; i <= n; i++)
				for (j = 1; j <= m; j++)
					print u[i], s[j], field["components"]
		split("", field)
	}
	/^#/ { next }
	/^[ \t]*$/ { flush(); next }
	/^[ \t]/ { field[name] = field[name] " " $0; next }
	{
		name = tolower($0); sub(/:.*/, "", name)
		sub(/^[^:]*:[ \t]*/, ""); field[name] = $0
	}
	END { flush() }' "$1"
}

# URIs under which Debian's own archive may be found, the likeliest first: a
# third party may well call its suite "bookworm" and its component "main", but
# what it serves is not signed by Debian, and then apt_suite() tries the next.
apt_mirrors()
{
	local suite=$1 codename

	# shellcheck source=/dev/null
	[[ -r /etc/os-release ]] && codename=$(. /etc/os-release && echo "${VERSION_CODENAME-}")
	[[ -n ${codename-} ]] || die "cannot tell which Debian this is (/etc/os-release)"
	if [[ $suite == *-security ]]; then
		apt_sources | awk -v s="$codename-security" '$2 == s && / main( |$)/ { print $1 }'
	fi
	apt_sources | awk -v s="$codename" '$2 == s && / main( |$)/ { print $1 }' |
		awk '/\/debian\/*$/ { print; next } { rest = rest $0 "\n" } END { printf "%s", rest }' |
		if [[ $suite == *-security ]]; then sed -nE 's,/debian/*$,/debian-security,p'
		else cat
		fi
}

# apt_suite SUITE [ARCH]: print the path of an apt configuration of our own
# that knows just that suite, with its index fetched; a mirror that lags behind
# will do, an unsigned one will not. The system's package
# state is neither read nor written (its apt.conf.d is: proxies live there).
apt_suite()
{
	local suite=$1 arch=${2:-$(dpkg --print-architecture)} dir lock mirror
	local keys=/usr/share/keyrings/debian-archive-keyring.gpg

	dir=$(cache_dir)/apt/$suite-$arch
	mkdir -p "$dir/lists/partial" "$dir/cache/archives/partial"
	exec {lock}>"$dir/lock"
	flock "$lock"
	if [[ ! -e $dir/fetched ]] || apt_outdated "$dir/fetched"; then
		[[ -r $keys ]] || die "$keys is missing (package debian-archive-keyring)"
		apt_configure "$dir" "$arch" || die "cannot write to $dir"
		rm -f "$dir/fetched"
		for mirror in $(apt_mirrors "$suite" | awk '!seen[$0]++'); do
			echo "deb [signed-by=$keys] $mirror $suite main" >"$dir/sources.list"
			if APT_CONFIG=$dir/apt.conf apt-get -qq update >"$dir/log" 2>&1 {lock}>&-; then
				touch "$dir/fetched"
				break
			fi
		done
		if [[ ! -e $dir/fetched ]]; then
			die "no package source of this system offers Debian's $suite ($arch): $(grep -m 1 '^E:' "$dir/log" 2>/dev/null)"
		fi
	fi
	exec {lock}>&-
	echo "$dir/apt.conf"
}

# Older than a day, or asked to be fetched anew and not so by this very command?
# Mirrors drop a package when they have a newer one.
apt_outdated()
{
	local age

	age=$(($(date +%s) - $(stat -c %Y "$1")))
	((age > 86400)) || { [[ -n ${ANONMEM_REFRESH-} ]] && ((age > SECONDS)); }
}

apt_configure()
{
	cat >"$1/apt.conf" <<-CONF || return
	#clear APT::Architectures;
	APT::Architecture "$2";
	APT::Architectures { "$2"; };
	APT::Sandbox::User "root";
	APT::Update::Error-Mode "any";
	Acquire::Languages "none";
	Acquire::Retries "3";
	Acquire::Check-Valid-Until "false";
	Acquire::IndexTargets::deb::Contents-deb::DefaultEnabled "false";
	Dir::Etc::sourcelist "$1/sources.list";
	Dir::Etc::sourceparts "-";
	Dir::State::lists "$1/lists";
	Dir::State::status "$1/status";
	Dir::Cache "$1/cache";
	CONF
	: >"$1/status"
}

# package_newest REGEX ARCH SUITE...: print "SUITE PACKAGE VERSION" of the
# newest package whose whole name matches, fail if there is none
package_newest()
{
	local regex=$1 arch=$2 suite conf index pkg version best=
	shift 2

	for suite; do
		# another suite may have it: what there is not is said already
		conf=$(apt_suite "$suite" "$arch") || continue
		# shellcheck disable=SC2016 # apt expands it
		index=$(APT_CONFIG=$conf apt-get indextargets --format '$(FILENAME)' 'Created-By: Packages')
		# a suite may well be there, but not for this architecture
		[[ -n $index ]] || continue
		while read -r pkg version; do
			[[ -z $best ]] || dpkg --compare-versions "$version" gt "${best##* }" || continue
			best="$suite $pkg $version"
		done < <(/usr/lib/apt/apt-helper cat-file "$index" | awk -v re="^($regex)\$" '
			$1 == "Package:" { pkg = $2 ~ re ? $2 : "" }
			$1 == "Version:" && pkg != "" { print pkg, $2 }')
	done
	[[ -n $best ]] && echo "$best"
}

# package_download SUITE PACKAGE VERSION ARCH DIR: apt checks the signature of
# the index and the checksum of the file
package_download()
{
	local conf
	conf=$(apt_suite "$1" "$4")
	(cd "$5" && APT_CONFIG=$conf apt-get -qq download "$2=$3") >"$5/log" 2>&1 || {
		tail -n 3 "$5/log" >&2
		return 1
	}
	rm -f "$5/log"
}

# package_dir REGEX ARCH SUITE...: print a directory that holds the unpacked
# newest matching package
package_dir()
{
	local regex=$1 arch=$2 base dir found suite pkg version
	shift 2

	base=$(cache_dir)/package
	if dir=$(newest_dir "$base" "${regex}_[^_]*_$arch"); then
		echo "$dir"
		return
	fi
	found=$(package_newest "$regex" "$arch" "$@") ||
		die "no package like $regex in $* ($arch)"
	read -r suite pkg version <<<"$found"
	dir=$base/${pkg}_${version//:/%3a}_$arch
	dir_make "$dir" package_unpack "$suite" "$pkg" "$version" "$arch"
	echo "$dir"
}

package_unpack()
{
	say "fetching $2 $3 ($1)"
	package_download "$@"
	dpkg-deb -x "$5"/*.deb "$5"
	rm "$5"/*.deb
}

# newest_dir BASE REGEX: print the newest whole cached directory, if any
newest_dir()
{
	local dir best=

	[[ -z ${ANONMEM_REFRESH-} ]] || return 1
	for dir in "$1"/*; do
		[[ ${dir##*/} =~ ^($2)$ && -f $dir/.stamp ]] || continue
		[[ -n $best && $(printf '%s\n' "$best" "$dir" | sort -V | tail -n 1) == "$best" ]] ||
			best=$dir
	done
	[[ -n $best ]] && dir_whole "$best" && echo "$best"
}

# ------------------------------------------------------------------- machines

# What --arch knows: a Debian kernel on a machine that QEMU has.
readonly ARCHES="x86_64 i386 arm64 arm64-16k armhf ppc64le-64k s390x"

# arch_select NAME: what it takes to have a kernel of that kind, programs for it
# and a machine that boots it, into the associative array of the caller's named
# arch: name; deb, Debian's name for its programs; flavour, of Debian's kernels;
# system and qemu, the emulator and its package; console; triplet and libc, of
# the cross compiler and its package (none: the machine's own will do); and into
# the array machine, QEMU's options
arch_select()
{
	# most have one serial port, or one that is slow: see vm_output()
	arch=([name]=$1 [accel]=tcg [console]=ttyAMA0 [output]=virtio [system]=aarch64 [qemu]=qemu-system-arm)
	case $1 in
	x86_64)
		arch+=([deb]=amd64 [flavour]=cloud-amd64 [console]=ttyS0 [output]=ttyS1
		       [system]=x86_64 [qemu]=qemu-system-x86 [triplet]='' [libc]=libc6-dev)
		machine=(-M q35) ;;
	i386)
		arch+=([deb]=i386 [flavour]=686-pae [console]=ttyS0 [output]=ttyS1
		       [system]=i386 [qemu]=qemu-system-x86
		       [triplet]=i686-linux-gnu [libc]=libc6-dev-i386-cross)
		# not the AMD processor that a 32-bit kernel holds unfit for company
		machine=(-M q35 -cpu "max,vendor=GenuineIntel") ;;
	arm64)
		arch+=([deb]=arm64 [flavour]=arm64
		       [triplet]=aarch64-linux-gnu [libc]=libc6-dev-arm64-cross)
		machine=(-M virt -cpu cortex-a57) ;;
	arm64-16k)
		# an a57 has no pages of 16K, and the kernel no way to say so
		arch+=([deb]=arm64 [flavour]=arm64-16k
		       [triplet]=aarch64-linux-gnu [libc]=libc6-dev-arm64-cross)
		machine=(-M virt -cpu cortex-a76) ;;
	armhf)
		arch+=([deb]=armhf [flavour]=armmp-lpae [system]=arm
		       [triplet]=arm-linux-gnueabihf [libc]=libc6-dev-armhf-cross)
		machine=(-M virt -cpu cortex-a15) ;;
	ppc64le-64k)
		# With a thread a processor, writes of one process were seen to show
		# in another after fork, as if a TLB still had what another processor
		# had invalidated; with one thread for all it was not seen again.
		arch+=([deb]=ppc64el [flavour]=powerpc64le-64k [console]=hvc0
		       [accel]="tcg,thread=single"
		       [system]=ppc64 [qemu]=qemu-system-ppc
		       [triplet]=powerpc64le-linux-gnu [libc]=libc6-dev-ppc64el-cross)
		# no firmware to fetch (which would have formatted the NVRAM: so does
		# -prom-env), no hardware's bugs to work around
		machine=(-M "pseries,x-vof=on,cap-cfpc=broken,cap-sbbc=broken,cap-ibs=broken,cap-ccf-assist=off"
			 -cpu POWER9 -prom-env "auto-boot?=true") ;;
	s390x)
		arch+=([deb]=s390x [flavour]=s390x [console]=ttysclp0
		       [system]=s390x [qemu]=qemu-system-misc
		       [triplet]=s390x-linux-gnu [libc]=libc6-dev-s390x-cross)
		machine=(-M s390-ccw-virtio -cpu max) ;;
	*)
		die "no such architecture: $1 (there are: $ARCHES)" ;;
	esac
}

# -------------------------------------------------------------------- kernels

# where Debian keeps the kernels of a version, and their sources
kernel_suites()
{
	case $1 in
	5.10) echo bullseye bullseye-security ;;
	6.1)  echo bookworm bookworm-security ;;
	6.12) echo bookworm-security bookworm-backports ;;
	*)    echo sid ;;
	esac
}

# Modules that the tests or the guest's own start may want, in no order; what
# a kernel has built in or does not have is left out.
KERNEL_MODULES="lzo lzo-rle zstd zram loop virtio_pci virtio_blk ext4"
# apart, as loading them takes a slow guest a while
KERNEL_FILESYSTEMS="xfs btrfs overlay"

# kernel_dir VERSION [ARCH]: print a directory with a Debian kernel of that
# version (such as 6.12): bzImage (so named whatever the format), release (what
# uname -r will say), and modules/NN-NAME.ko, uncompressed, to be loaded in this
# order, then those of filesystems/ that were not among them
kernel_dir()
{
	local version=$1 base dir re regex suites found suite pkg made
	local KERNEL_MODULES=$KERNEL_MODULES
	# shellcheck disable=SC2034 # arch_select sets both
	local machine
	local -A arch

	arch_select "${2:-x86_64}"
	re=${version//./\\.}
	made=${arch[deb]}
	if [[ ${arch[output]} == virtio ]]; then
		made=${arch[name]}
		KERNEL_MODULES+=" virtio_console"
	fi
	made+=_$(short_sum "$KERNEL_MODULES $KERNEL_FILESYSTEMS")
	base=$(cache_dir)/kernel
	if dir=$(newest_dir "$base" "${re}[.+_].*_$made"); then
		echo "$dir"
		return
	fi
	read -ra suites <<<"$(kernel_suites "$version")"
	# Up to 6.12 an image has all, later it may be a stub for a binary of the
	# same version, which is found first as indexes are sorted by name.
	regex="linux-binary(-unsigned)?-$re\.[^-]*-${arch[flavour]}"
	regex+="|linux-image-$re\.[^-]*(-[0-9]+)?-${arch[flavour]}(-unsigned)?"
	found=$(package_newest "$regex" "${arch[deb]}" "${suites[@]}") ||
		die "no Debian suite (${suites[*]}) has a kernel $version for ${arch[name]}"
	read -r suite pkg version <<<"$found"
	packages_install kmod xz-utils zstd
	dir=$base/${version//:/%3a}_$made
	dir_make "$dir" kernel_unpack "$suite" "$pkg" "$version" "${arch[deb]}"
	echo "$dir"
}

kernel_unpack()
{
	local suite=$1 pkg=$2 version=$3 deb=$4 new=$5 tmp=$5/tmp modules

	mkdir "$tmp"
	package_unpack "$suite" "$pkg" "$version" "$deb" "$tmp"
	if [[ $pkg == linux-binary-* ]]; then
		modules=linux-modules-${pkg#linux-binary-}
		modules=${modules/-unsigned/}
		package_unpack "$suite" "$modules" "$version" "$deb" "$tmp"
		mv "$tmp/usr/lib/modules"/*/vmlinu[xz]* "$new/bzImage"
		mkdir -p "$tmp/lib"
		mv "$tmp/usr/lib/modules" "$tmp/lib/"
	else
		mv "$tmp/boot"/vmlinu[xz]-* "$new/bzImage"
	fi
	basename "$tmp"/lib/modules/* >"$new/release"
	mkdir "$new"/{modules,filesystems}
	modules_collect "$tmp" "$(<"$new/release")" "$new/modules" "$KERNEL_MODULES"
	modules_collect "$tmp" "$(<"$new/release")" "$new/filesystems" "$KERNEL_FILESYSTEMS"
	rm -rf "$tmp"
}

# modules_collect ROOT RELEASE DIR NAMES: what modprobe would insert, in its order
modules_collect()
{
	local name path n=10

	PATH=$PATH:/usr/sbin:/sbin depmod -b "$1" "$2" 2>/dev/null
	for name in $4; do
		# built in or not there: nothing to load
		PATH=$PATH:/usr/sbin:/sbin modprobe -d "$1" -S "$2" \
			--show-depends "$name" 2>/dev/null || :
	done | awk '$1 == "insmod" && !seen[$2]++ { print $2 }' |
	while read -r path; do
		name=${path##*/}
		name=$3/$((n++))-${name%%.*}.ko
		case $path in
		*.xz)	xz -dc "$path" >"$name" ;;
		*.zst)	zstd -qdc "$path" >"$name" ;;
		*.gz)	gzip -dc "$path" >"$name" ;;
		*)	cp "$path" "$name" ;;
		esac
	done
}

# -------------------------------------------------------------------- sources

# What building and running one selftest target needs of a kernel tree, with
# the tools the project's checks take from there
SOURCE_SELFTESTS=(
	tools/testing/selftests/Makefile
	tools/testing/selftests/lib.mk
	'tools/testing/selftests/*.sh'
	'tools/testing/selftests/kselftest*'
	tools/testing/kunit
	tools/arch
	tools/include
	scripts/subarch.include
	scripts/checkpatch.pl
	scripts/kernel-doc
	scripts/spelling.txt
	scripts/const_structs.checkpatch
)

# source_dir VERSION [full|selftests]: print a directory with Debian's source
# of that kernel, whole (1.7 GB) or just what selftests need (a few MB). It is
# pristine and stays so: build elsewhere (O=) or in a copy.
source_dir()
{
	local version=$1 part=${2:-full} base dir found suites suite pkg

	base=$(cache_dir)/source
	[[ $part == full ]] || part+=-$(short_sum "${SOURCE_SELFTESTS[*]}")
	if dir=$(newest_dir "$base" "${version//./\\.}[.+_~-].*_$part"); then
		echo "$dir"
		return
	fi
	read -ra suites <<<"$(kernel_suites "$version")"
	found=$(package_newest "linux-source-${version//./\\.}" amd64 "${suites[@]}") ||
		die "no Debian suite (${suites[*]}) has linux-source-$version"
	read -r suite pkg version <<<"$found"
	packages_install xz-utils
	dir=$base/${version//:/%3a}_$part
	dir_make "$dir" source_unpack "$suite" "$pkg" "$version" "$part"
	echo "$dir"
}

source_unpack()
{
	local suite=$1 pkg=$2 version=$3 part=$4 new=$5 path match=()
	local full=${new%_*}_full tar=./usr/src/$pkg.tar.xz

	if [[ $part != full ]]; then
		match=(--wildcards)
		for path in "${SOURCE_SELFTESTS[@]}"; do
			match+=("$pkg/$path")
		done
	fi
	mkdir "$new/deb"
	if [[ $part != full ]] && dir_whole "$full"; then
		# shellcheck disable=SC2048,SC2086 # these are patterns
		(cd "$full" && tar -c ${SOURCE_SELFTESTS[*]}) | tar -x -C "$new"
	else
		say "fetching $pkg $version ($suite, $part: takes a minute)"
		package_download "$suite" "$pkg" "$version" amd64 "$new/deb"
		dpkg-deb --fsys-tarfile "$new/deb"/*.deb | tar -xO "$tar" | xz -dc |
			tar -x -C "$new" --strip-components=1 "${match[@]}"
	fi
	rm -rf "$new/deb"
	[[ -f $new/tools/testing/selftests/lib.mk ]]
}

# headers_dir VERSION: print a directory with what "make headers" leaves in
# usr/include of that version's tree on amd64, by way of Debian's linux-libc-dev
headers_dir()
{
	local version=$1 base dir found suites suite pkg

	base=$(cache_dir)/headers
	if dir=$(newest_dir "$base" "${version//./\\.}[.+_~-].*"); then
		echo "$dir"
		return
	fi
	read -ra suites <<<"$(kernel_suites "$version")"
	found=$(package_newest linux-libc-dev amd64 "${suites[@]}") || found='- - -'
	[[ ${found##* } == "$version".* ]] ||
		die "no Debian suite (${suites[*]}) has linux-libc-dev $version"
	read -r suite pkg version <<<"$found"
	dir=$base/${version//:/%3a}
	dir_make "$dir" headers_unpack "$suite" "$pkg" "$version"
	echo "$dir"
}

headers_unpack()
{
	local new=$4 tmp=$4/tmp

	mkdir "$tmp"
	package_unpack "$1" "$2" "$3" amd64 "$tmp"
	# the machine's own are in one place up to 6.1, in another since
	if [[ -d $tmp/usr/lib/linux/uapi/x86/asm ]]; then
		mv "$tmp/usr/lib/linux/uapi/x86/asm" "$new/"
	else
		mv "$tmp/usr/include/x86_64-linux-gnu/asm" "$new/"
	fi
	mv "$tmp/usr/include/linux" "$tmp/usr/include/asm-generic" "$new/"
	rm -rf "$tmp"
	[[ -f $new/asm/types.h && -f $new/linux/mman.h ]]
}

# ------------------------------------------------------------------ the tests

# tests_build DIR: print the directory, in DIR, where all programs are built, with
# the harness of 6.12
tests_build()
{
	local tests=$1/tools/testing/selftests/anonmem log

	packages_install gcc libc6-dev make binutils
	mkdir -p "$1"
	cp -a "$(source_dir 6.12 selftests)/." "$1"
	"${BASH_SOURCE[0]%/*}/to-tree" "$1"
	log=$(make -C "$tests" 2>&1) ||
		die "the tests do not build: $(grep -m 1 error <<<"$log")"
	echo "$tests"
}
