#!/bin/sh
# Starts procmon on its own Java runtime.

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

# The monitor and the commands load different classes, so each has a cache of its own.
role=command
for word; do
    case $word in
        -f* | -F* | run) role=monitor ;;
        -*) continue ;;
    esac
    break
done

# These ask the kernel, whether their output is still read or what a start would find. The flag costs a command some 20 ms.
native=
for word; do
    case $word in
        check | events | tail) native=--enable-native-access=ALL-UNNAMED ;;
    esac
done

lib=$home/lib
exec "$home/runtime/bin/java" @"$lib/$role.options" -XX:SharedArchiveFile="$lib/$role.jsa" $native \
    "-Dprocmon.program=$program" -cp "$lib/procmon.jar:$lib/jackson-core.jar:$lib/slf4j-api.jar:$lib/slf4j-simple.jar:$lib/quartz.jar" \
    org.procmon.app.ProcmonMain "$@"
