#!/bin/sh
# The main job, in the foreground: the monitor supervises lighttpd and fcgi_proc, or, with SERVER=front, its own HTTP
# front. Ctrl-C stops everything.
set -eu

product=$1
here=$(cd "$(dirname "$0")/.." && pwd)
port=${PORT:-8080}
PATH=$PATH:/usr/sbin:/sbin
PORT=$port
PROCMON_HOME=$product
export PATH PORT PROCMON_HOME

# Not in the checkout: a Unix socket's path has at most 107 bytes.
PROCMON_STATE_DIR=${PROCMON_STATE_DIR:-/tmp/procmon-run-$(id -u)-$port}
PROCMON_WEB_DIR=${PROCMON_WEB_DIR:-$PROCMON_STATE_DIR/web}
export PROCMON_STATE_DIR PROCMON_WEB_DIR
mkdir -p -m 700 "$PROCMON_STATE_DIR"

cd "$here"
server=${SERVER:-lighttpd}
configuration=conf/procmon.json
if [ "$server" = front ]; then
    server='its own HTTP front'
    configuration=$PROCMON_STATE_DIR/front.json
    sed "s/127.0.0.1:8080/127.0.0.1:$port/" conf/front.json >"$configuration"
fi
"$product/bin/procmon" -f "$configuration" &
monitor=$!
# A shell without a terminal lets its background jobs ignore Ctrl-C, so it is handed on like the others.
trap 'kill "$monitor" 2>/dev/null || true' INT TERM HUP

tries=100
until curl -fs -o /dev/null "http://127.0.0.1:$port/procs?list"; do
    tries=$((tries - 1))
    if [ "$tries" -eq 0 ] || ! kill -0 "$monitor" 2>/dev/null; then
        echo "run.sh: http://127.0.0.1:$port/procs does not answer; the logs are in $PROCMON_STATE_DIR/log:" >&2
        tail -n 5 "$PROCMON_STATE_DIR"/log/*.log >&2 || true
        kill "$monitor" 2>/dev/null || true
        break
    fi
    sleep 0.1
done

if kill -0 "$monitor" 2>/dev/null && [ "$tries" -gt 0 ]; then
    cat <<END

procmon supervises $server on http://127.0.0.1:$port/ . Try, in another terminal:

  curl 'localhost:$port/procs?list'
  curl 'localhost:$port/procs?restart=sleep1'
  curl 'localhost:$port/procs?stop=sleep1'
  curl 'localhost:$port/procs?start=sleep1'
  $product/bin/procmon --state-dir $PROCMON_STATE_DIR status

Ctrl-C stops everything.
END
fi

# A trapped signal ends a wait early.
status=0
while kill -0 "$monitor" 2>/dev/null; do
    status=0
    wait "$monitor" || status=$?
done
exit "$status"
