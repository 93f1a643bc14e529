#!/bin/sh
# Makes the AOT caches of a product by running each of its programs for real: a backup that takes over from a
# primary which is killed, commands against it, and fcgi_proc answering requests.
set -eu

product=$1
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d /tmp/procmon-train.XXXXXX)
PROCMON_STATE_DIR=$work/state
export PROCMON_STATE_DIR
monitor=
responder=

clean() {
    [ -z "$responder" ] || kill "$responder" 2>/dev/null || true
    [ -z "$monitor" ] || kill "$monitor" 2>/dev/null || true
    rm -rf "$work"
}
trap clean EXIT

fail() {
    echo "train.sh: $*" >&2
    cat "$work"/*.log >&2 || true
    exit 1
}

# await CONDITION...: waits until a command succeeds, up to ten seconds.
await() {
    tries=100
    until "$@" 2>/dev/null; do
        tries=$((tries - 1))
        [ "$tries" -gt 0 ] || fail "in vain: $*"
        sleep 0.1
    done
}

# The pid of the primary.
primary() {
    cat "$PROCMON_STATE_DIR/lock"
}

is_primary() {
    [ "$(primary)" -eq "$1" ]
}

is_listed() {
    "$product/bin/procmon" status "$1" >/dev/null
}

lib=$product/lib
classes="$lib/procmon.jar:$lib/jackson-core.jar:$lib/slf4j-api.jar:$lib/slf4j-simple.jar"

# record NAME MAIN ARGUMENTS...: becomes the program, which leaves its cache when it ends.
record() {
    name=$1
    main=$2
    shift 2
    # As their launchers have it; a cache is bound to its class path.
    path=$classes
    [ "$main" = FcgiProcMain ] || path=$path:$lib/quartz.jar
    exec "$product/runtime/bin/java" @"$lib/$name.options" -XX:AOTCacheOutput="$lib/$name.aot" \
        -Xlog:aot=error -Xlog:cds=error "-Dprocmon.program=$product/bin/procmon" -cp "$path" \
        "org.procmon.app.$main" "$@"
}

cp "$here"/*.options "$lib/"
cat >"$work/procmon.json" <<'END'
{
  // What most configurations use.
  "processes": [
    {"id": "base", "exec": "sleep 1000", "monitored": true, "wait": "0"},
    {"id": "web", "exec": "sleep 1000", "monitored": true, "depends": ["base"], "restart_on_parent_death": true},
    {"id": "crash", "exec": ["sh", "-c", "exit 3"], "restart": "always"},
    {"id": "missing", "exec": "/no/such/program", "monitored": true},
    {"id": "once", "exec": "echo 'done'"},
  ]
}
END

# What a monitor leaves that is killed.
"$product/bin/procmon" run --no-backup "$work/procmon.json" >"$work/first.log" 2>&1 &
monitor=$!
await is_listed web
kill -9 "$monitor"
wait "$monitor" 2>/dev/null || true

(record monitor ProcmonMain -f "$work/procmon.json") >"$work/monitor.log" 2>&1 &
monitor=$!
await is_listed procmon2
# Of a primary that dies earlier the backup is not the heir.
sleep 2.5
kill -9 "$(primary)"
await is_primary "$monitor"
await is_listed procmon1

(record fcgi_proc FcgiProcMain --listen "$work/fcgi.sock") >"$work/fcgi_proc.log" 2>&1 &
responder=$!
await test -e "$work/fcgi.sock"
"${JAVA_FOR_TRAINING:?}/bin/java" "$here/Requests.java" "$work/fcgi.sock" || fail "fcgi_proc does not answer"

(record command ProcmonMain -l) >"$work/command.log" 2>&1 || fail "procmon -l failed"

kill "$responder"
wait "$responder" || fail "fcgi_proc failed"
responder=
kill "$monitor"
wait "$monitor" || fail "the monitor failed"
monitor=

for name in monitor command fcgi_proc; do
    [ -s "$lib/$name.aot" ] || fail "no cache was made for $name"
done
