#!/bin/sh
# Measures procmon side by side with other supervisors, or with another build of itself:
# sh bench/run.sh PRODUCT_DIR [--against OTHER_PRODUCT_DIR] [PART...].
# Everything lives in one temporary folder and is gone afterwards, also after Ctrl-C.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
parts="restart up memory memory-load list cli takeover output pair steer probes events"
pools="pools-rate pools-demand pools-growth pools-idle pools-status pools-replace pools-folder"
parts="$parts $pools"

usage() {
    cat <<'END'
usage: ./build.sh bench [PART...]
       ./build.sh bench --against DIR PART...
       ./build.sh bench --chaos [SECONDS]

  restart   kill -9 of a child until its replacement runs; with a bare loop in C, runit, s6, supervisor
  up        1,000 children up, from the start of the command; with a bare loop in C, runit, s6, supervisor
  memory    the memory of the supervision of 1,000 children, and what it does when idle; with runit, s6, supervisor
  memory-load  the memory of the monitor of 1,000 children when idle, and after 100,000 runs (BENCH_RUNS) at 250 a second
  list      ?list through lighttpd, requests a second; with a C responder (libfcgi)
  cli       the time of procmon -l; with supervisorctl status
  takeover  kill -9 of the monitor of 1,000 children until the next one answers with all of them
  output    what a child writes until it is in its log, and what that costs; with cat, supervisor
  pair      the memory of both monitors of 1,000 captured children, and what they do when idle
  steer     commands for many: a reload of 5,000 entries, the restart of 1,000 children; with runit, s6, supervisor
  probes    what 1,000 children cost when idle, and when each is probed every 10 s
  events    the restart of 1,000 children while nobody, 100 who read, and one who does not, watch
  pools     all of the following:
  pools-rate    requests a second of 4 workers of PHP behind nginx; with spawn-fcgi, php-fpm
  pools-demand  the first answer of a pool on demand that has no worker; with a bare loop in C, php-fpm
  pools-growth  64 clients at once at such a pool, until 64 workers have one each; with a bare loop in C, php-fpm
  pools-idle    what 1,000 pools on demand cost when idle; with php-fpm
  pools-status  the state of a pool of 100 workers, asked over the control socket; with php-fpm
  pools-replace a new generation of 4 workers; with php-fpm
  pools-folder  a folder of 10,000 files with 1,000 applications: a new one, a changed one, and none
  chaos     no measurement: 200 children, monitors killed at random, for so long (60); nothing may be lost

With --against, the built product and that in DIR, such as target/procmon of another checkout, take turns in each
part, BENCH_ROUNDS times (5), without other programs; the tables show the ratios.

Without names all parts but chaos, some forty-five minutes. The peers come from Debian's packages: as root they are
installed, else those that are missing are reported as absent. Tables go to stdout, progress to stderr.
END
}

fail() {
    echo "bench: $*" >&2
    exit 1
}

product=${1:?usage: sh bench/run.sh PRODUCT_DIR [PART...]}
shift
before=
if [ "${1:-}" = --against ]; then
    [ $# -gt 2 ] || fail 'usage: ./build.sh bench --against DIR PART...'
    before=$(cd "$2" 2>/dev/null && pwd) || fail "cannot find the folder $2"
    [ -x "$before/bin/procmon" ] || fail "cannot find procmon in $before: it has to be a built product"
    shift 2
fi
for argument; do
    case " $parts pools -h --help " in
        *" $argument "*) ;;
        *) usage >&2; fail "cannot measure $argument: there is no such part" ;;
    esac
    case $argument in -*) usage; exit 0 ;; esac
done
[ $# -eq 0 ] || parts=$*
case " $parts " in
    *' pools '*) parts=$(echo " $parts " | sed "s/ pools / $pools /") ;;
esac
java=${JAVA_FOR_BENCH:?is not set: it names the folder of a JDK 25; ./build.sh bench sets it}/bin/java
product=$(cd "$product" && pwd)
[ -x "$product/bin/procmon" ] || fail "cannot find procmon in $product: build it first"
PATH=$PATH:/usr/sbin:/sbin
export PATH

. "$here/../packaging/debian.sh"

# has PROGRAM-OR-HEADER
has() {
    case $1 in
        *.h) [ -e "/usr/include/$1" ] ;;
        *) command -v "$1" >/dev/null ;;
    esac
}

# need PROGRAM-OR-HEADER PACKAGE...: what a part cannot do without.
need() {
    wanted=$1
    shift
    has "$wanted" || debian_install "$@" || true
    has "$wanted" || fail "cannot measure without $wanted; please install: apt-get install $*"
}

# peer PROGRAM PACKAGE: who is compared, if it can be had.
peer() {
    has "$1" || debian_install "$2" || true
    has "$1" || absent "$2"
}

# absent PACKAGE
absent() {
    echo "bench: ABSENT: $1. Its column stays empty; please install: apt-get install $1" >&2
}

# Debian's name for it has the version in it.
php_fpm() {
    find /usr/sbin -name 'php-fpm*' 2>/dev/null | sort | tail -1
}

wants() {
    case " $parts " in *" $1 "*) true ;; *) false ;; esac
}

wants_pools() {
    case " $parts" in *' pools-'*) true ;; *) false ;; esac
}

version() {
    dpkg-query -W -f '${Package} ${Version}, ' "$@" 2>/dev/null || true
}

# How many percent of all processors were busy during two seconds, when nothing of ours runs.
busy_before() {
    { head -1 /proc/stat; sleep 2; head -1 /proc/stat; } |
        awk '{ all = 0; for (i = 2; i <= 9; i++) all += $i; idle = $5 + $6 }
            NR == 1 { all1 = all; idle1 = idle }
            END { printf "%.0f%%", 100 * (1 - (idle - idle1) / (all - all1)) }'
}

header() {
    echo "procmon: $("$product/bin/procmon" --version), $(sed -n 's/^JAVA_VERSION=/JDK /p' "$product/runtime/release" | tr -d '"')"
    echo "machine: $(nproc) x $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1), $(awk '/^MemTotal/ {printf "%.1f GiB", $2 / 1048576}' /proc/meminfo), $(uname -srm), $(. /etc/os-release && echo "$PRETTY_NAME")"
    [ -z "$before" ] || echo "before:  $("$before/bin/procmon" --version), $(sed -n 's/^JAVA_VERSION=/JDK /p' "$before/runtime/release" | tr -d '"')"
    [ "$before" ] || echo "peers:   $(version runit s6 supervisor lighttpd libfcgi-dev wrk nginx 'php[0-9]*-cgi' 'php[0-9]*-fpm' spawn-fcgi | sed 's/, $//')"
}

need cc gcc libc6-dev
if wants list; then
    need lighttpd lighttpd
    need wrk wrk
    need fcgiapp.h libfcgi-dev
fi
if [ -z "$before" ] && { wants restart || wants up || wants memory || wants steer; }; then
    peer runsvdir runit
    peer s6-svscan s6
fi
if [ -z "$before" ] && { wants restart || wants up || wants memory || wants cli || wants output || wants steer; }; then
    peer supervisord supervisor
fi

BENCH_PHP_FPM=
if wants_pools; then
    need fcgiapp.h libfcgi-dev
    need php-cgi php-cgi
    if wants pools-rate; then
        need nginx nginx
        need wrk wrk
        [ "$before" ] || peer spawn-fcgi spawn-fcgi
    fi
    if [ -z "$before" ]; then
        [ "$(php_fpm)" ] || debian_install php-fpm || true
        BENCH_PHP_FPM=$(php_fpm)
        [ "$BENCH_PHP_FPM" ] || absent php-fpm
    fi
fi
export BENCH_PHP_FPM
# The workers would start processes of their own.
unset PHP_FCGI_CHILDREN PHP_FCGI_MAX_REQUESTS

# State belongs into memory, as in /run, which not every machine has there.
work=$(mktemp -d /dev/shm/pb.XXXXXX 2>/dev/null || mktemp -d /tmp/pb.XXXXXX)
running=
# A part ends what it has started, in its shutdown hook, before it is gone itself.
clean() {
    trap '' INT TERM
    if [ -n "$running" ]; then
        kill "$running" 2>/dev/null || true
        wait "$running" || true
    fi
    rmdir "/sys/kernel/tracing/instances/${work##*/}" 2>/dev/null || true
    rm -rf "$work"
}
trap clean EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

export BENCH_WORK="$work" BENCH_PRODUCT="$product"
cc -O2 -static -Wl,-e,first -o "$work/child" "$here/child.c"
cc -O2 -static -o "$work/writer" "$here/writer.c"
cc -O2 -o "$work/bare" "$here/bare.c"
# The kernel notes there what is executed.
if wants up && [ ! -d /sys/kernel/tracing/instances ]; then
    mount -t tracefs tracefs /sys/kernel/tracing || fail "cannot measure up without tracefs, which takes root"
fi
if wants_pools; then
    cc -O2 -o "$work/fcgi" "$here/fcgi.c" -lfcgi
    cc -O2 -static -o "$work/bare_pool" "$here/bare_pool.c"
fi
! wants list || cc -O2 -o "$work/hello" "$here/hello.c" -lfcgi

# measure PART PROGRAM
measure() {
    "$java" --enable-native-access=ALL-UNNAMED "$here/$2.java" &
    running=$!
    status=0
    wait "$running" || status=$?
    running=
    [ "$status" -eq 0 ] || fail "cannot measure $1: see above"
}

# compare PART PROGRAM: every other round begins with the other build.
compare() {
    round=0
    rm -f "$work/now" "$work/before"
    while [ "$round" -lt "${BENCH_ROUNDS:-5}" ]; do
        if [ $((round % 2)) -eq 0 ]; then builds='now before'; else builds='before now'; fi
        for build in $builds; do
            echo "bench: $1, round $((round + 1)), $build" >&2
            if [ $build = now ]; then BENCH_PRODUCT=$product; else BENCH_PRODUCT=$before; fi
            BENCH_FIGURES=$work/$build
            export BENCH_PRODUCT BENCH_FIGURES
            measure "$1" "$2"
        done
        round=$((round + 1))
    done
    "$java" "$here/Against.java" "$1" "$work/now" "$work/before"
}

header
for part in $parts; do
    case $part in
        restart) program=Restart ;;
        up) program=Up ;;
        memory) program=Memory ;;
        memory-load) program=MemoryLoad ;;
        list) program=Listing ;;
        cli) program=Cli ;;
        takeover) program=Takeover ;;
        output) program=Output ;;
        pair) program=Pair ;;
        steer) program=Steer ;;
        probes) program=Probes ;;
        events) program=Events ;;
        pools-rate) program=PoolRate ;;
        pools-demand) program=PoolDemand ;;
        pools-growth) program=PoolGrowth ;;
        pools-idle) program=PoolIdle ;;
        pools-status) program=PoolStatus ;;
        pools-replace) program=PoolReplace ;;
        pools-folder) program=PoolFolder ;;
    esac
    others=$(busy_before)
    if [ "$before" ]; then
        compare "$part" "$program"
    else
        measure "$part" "$program"
    fi
    echo
    echo "(just before, $others of all processors were busy with something else)"
done
