#!/bin/sh
# Starts @NAME@ on its own Java runtime.

# For pid 1 the kernel drops signals that nobody handles. Nothing has been started that would have to end in order.
[ $$ -ne 1 ] || trap 'exit 143' HUP INT QUIT TERM USR1

# The JVM would take the number of a closed standard stream for a file of its own.
[ -e /proc/self/fd/0 ] || exec </dev/null
[ -e /proc/self/fd/1 ] || exec >/dev/null
[ -e /proc/self/fd/2 ] || exec 2>/dev/null

# The JVM cannot start in a folder that was removed. Some shells have complained of it themselves by now.
if ! [ "$PWD" -ef . ] && ! [ "$(pwd -P 2>/dev/null)" ]; then
    echo '@NAME@: the current folder was removed, so relative paths begin at /' >&2
    cd /
fi

program=$0
# Some shells find their script in PATH.
[ -e "$program" ] || program=$(command -v "$program")
[ ! -L "$program" ] || program=$(command -p readlink -f "$program")
case $program in
    */*) home=${program%/*}/.. ;;
    *) home=.. ;;
esac

# Java reads paths by the locale, and here they are UTF-8 whatever that is. What these have in store for a JVM is meant
# for another one; PROCMON_JAVA_OPTIONS is for this one.
LC_ALL=C.UTF-8
export LC_ALL
unset JAVA_TOOL_OPTIONS JDK_JAVA_OPTIONS _JAVA_OPTIONS

lib=$home/lib
set -- "$home/runtime/bin/java" @"$lib/@NAME@.options" -XX:SharedArchiveFile="$lib/@NAME@.jsa" ${PROCMON_JAVA_OPTIONS-} \
    -cp "@CLASSPATH@" org.procmon.app.@MAIN@ "$@"
[ $$ -eq 1 ] || exec "$@"
blocked=
. "$lib/init.sh"
