#!/bin/sh
# Makes the AOT caches of a product by running each of its programs for real: a monitor with a few
# processes, a command against it, and fcgi_proc answering requests.
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

# Waits for a file or socket, up to ten seconds.
await() {
    tries=100
    until [ -e "$1" ]; do
        tries=$((tries - 1))
        [ "$tries" -gt 0 ] || fail "$1 did not appear"
        sleep 0.1
    done
}

lib=$product/lib
classes="$lib/procmon.jar:$lib/jackson-core.jar:$lib/slf4j-api.jar:$lib/slf4j-simple.jar"

# record NAME MAIN ARGUMENTS...: becomes the program, which leaves its cache when it ends.
record() {
    name=$1
    main=$2
    shift 2
    exec "$product/runtime/bin/java" @"$lib/$name.options" -XX:AOTCacheOutput="$lib/$name.aot" \
        -Xlog:aot=error -Xlog:cds=error -cp "$classes" "org.procmon.app.$main" "$@"
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

(record monitor ProcmonMain -f "$work/procmon.json") >"$work/monitor.log" 2>&1 &
monitor=$!
await "$PROCMON_STATE_DIR/control.sock"

(record fcgi_proc FcgiProcMain --listen "$work/fcgi.sock") >"$work/fcgi_proc.log" 2>&1 &
responder=$!
await "$work/fcgi.sock"
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
