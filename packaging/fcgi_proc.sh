#!/bin/sh
# Starts fcgi_proc on its own Java runtime.

# The JVM would take the number of a closed standard stream for a file of its own.
[ -e /proc/self/fd/0 ] || exec </dev/null
[ -e /proc/self/fd/1 ] || exec >/dev/null
[ -e /proc/self/fd/2 ] || exec 2>/dev/null

program=$0
[ ! -L "$program" ] || program=$(readlink -f "$program")
case $program in
    */*) home=${program%/*}/.. ;;
    *) home=.. ;;
esac

lib=$home/lib
exec "$home/runtime/bin/java" @"$lib/fcgi_proc.options" -XX:SharedArchiveFile="$lib/fcgi_proc.jsa" \
    -cp "$lib/procmon.jar:$lib/jackson-core.jar:$lib/slf4j-api.jar:$lib/slf4j-simple.jar" \
    org.procmon.app.FcgiProcMain "$@"
