#!/bin/sh
# Makes the AOT caches of a product, which are archives of linked classes, by running each of its programs for real: a
# backup that takes over from a primary which is killed, commands against it, and fcgi_proc answering requests.
#
# The JVM can make a cache in one step too (-XX:AOTCacheOutput). Such a one keeps what was compiled in the training, and
# that is compiled again at each start; and it lacks the forms of method handles by which the C library is called, which
# are part of the runtime here. With it a monitor that was killed and is executed again with 1,000 children answers after
# 740 instead of 590 ms, having used 1.1 instead of 0.9 s of processor time, and takes 62 instead of 58 MiB. To a backup that
# takes over it makes no difference.
set -eu

product=$1
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d /tmp/procmon-train.XXXXXX)
PROCMON_STATE_DIR=$work/state
export PROCMON_STATE_DIR
monitor=
responder=
front=

clean() {
    [ -z "$front" ] || kill "$front" 2>/dev/null || true
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
. "$here/classpath.sh"

# record NAME[.PART] MAIN ARGUMENTS...: becomes the program, which leaves a list of what it has loaded.
record() {
    part=$1
    name=${part%.*}
    main=$2
    shift 2
    prefix=
    blocked=
    # As the launcher does.
    if [ "$name" = monitor ] && env --block-signal=USR1 true 2>/dev/null; then
        prefix="env --block-signal=HUP,INT,QUIT,TERM,USR1"
        blocked="-Xrs -XX:+DisableAttachMechanism -Dprocmon.signals=blocked"
        PROCMON_ENVIRON=$(env -0 | base64 -w 0)
        export PROCMON_ENVIRON
    fi
    exec $prefix "$product/runtime/bin/java" $blocked @"$lib/$name.options" -XX:DumpLoadedClassList="$work/$part.classes" \
        "-Dprocmon.program=$product/bin/procmon" -cp "$(class_path "$name" "$lib")" "org.procmon.app.$main" "$@"
}

# archive NAME: makes the cache of what was recorded.
archive() {
    "$product/runtime/bin/java" @"$lib/$1.options" -Xshare:dump -XX:+AOTClassLinking \
        -XX:SharedClassListFile="$work/$1.classes" -XX:SharedArchiveFile="$lib/$1.jsa" \
        -Xlog:aot=error -Xlog:cds=error -cp "$(class_path "$1" "$lib")"
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
"${JDK:?}/bin/java" "$here/Requests.java" "$work/fcgi.sock" || fail "fcgi_proc does not answer"

# The front, with a file, a program that is not there, and the queries.
mkdir "$work/files"
echo hello >"$work/files/hello.txt"
cat >"$work/http.json" <<END
{"routes": [{"path": "/procs", "control": true},
    {"path": "/app", "application": {"members": ["unix:$work/fcgi.sock"]}},
    {"path": "/", "files": {"directory": "$work/files"}}], "accessLog": "COMBINED"}
END
(record http_proc HttpProcMain --listen "$work/http.sock" --config "$work/http.json") >"$work/http_proc.log" 2>&1 &
front=$!
await test -e "$work/http.sock"
"${JDK:?}/bin/java" "$here/HttpRequests.java" "$work/http.sock" || fail "http_proc does not answer"

# What commands load: those that ask a monitor, and those that read files or watch the kernel.
printf '[program:web]\ncommand=sleep 1000\nautorestart=true\n' >"$work/supervisord.conf"
(record command ProcmonMain -l) >"$work/command.log" 2>&1 || fail "procmon -l failed"
(record files.list ProcmonMain list) >"$work/command.log" 2>&1 || fail "procmon list failed"
(record files.check ProcmonMain check "$work/procmon.json") >"$work/command.log" 2>&1 ||
    fail "procmon check failed"
(record files.import ProcmonMain import supervisord "$work/supervisord.conf") >"$work/command.log" 2>&1 ||
    fail "procmon import failed"
# Without the numbers, which are those of one run.
sed 's/ id: [0-9]*$//' "$work"/files.*.classes | awk '!seen[$0]++' >"$work/files.classes"

kill "$front"
wait "$front" || fail "http_proc failed"
front=
kill "$responder"
wait "$responder" || fail "fcgi_proc failed"
responder=
kill "$monitor"
wait "$monitor" || fail "the monitor failed"
monitor=

sed -n 's/^@lambda-form-invoker //p' "$work"/*.classes | sort -u >"$work/forms"
sh "$here/link.sh" "$product" "--generate-jli-classes=@$work/forms"
for name in monitor command files fcgi_proc http_proc; do
    archive "$name" >"$work/archive.log" 2>&1 || fail "no cache was made for $name"
done
