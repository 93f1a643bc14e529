#!/bin/sh
# Starts fcgi_proc on the socket where external.conf looks for it. Options of fcgi_proc may follow.
set -eu
cd "$(dirname "$0")"
. ./settings.sh
set -- "$home/bin/fcgi_proc" --listen "$sockets/fcgi_proc.sock" "$@"
if [ "$user" != "$me" ]; then
    set -- setpriv --reuid="$user" --regid="$group" --init-groups -- "$@"
fi
exec "$@"
